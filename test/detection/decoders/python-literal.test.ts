import { describe, expect, test } from 'vitest';
import { parsePythonDict } from '../../../src/detection/decoders/python-literal.ts';

describe('parsePythonDict', () => {
  test.each([
    ['{0: \'cat\', 1: "dog"}', ['cat', 'dog']],
    ["{1: 'b', 0: 'a',}", ['a', 'b']],
    ['{"0": "a", "1": "b"}', ['a', 'b']],
    ["['a', 'b']", ['a', 'b']],
    ["{0: 'it\\'s', 1: 'a\\x41\\u00e9'}", ["it's", 'aAé']],
    ['{}', []],
  ])('%s is read', (text, names) => {
    expect(parsePythonDict(text)).toEqual(names);
  });

  test.each([
    [''],
    ['{'],
    ["{0: 'a', 2: 'c'}"],
    ["{0: 'a', 0: 'b'}"],
    ["{0: 'a' 1: 'b'}"],
    ["{-1: 'a'}"],
    ["{99999999999999999999: 'a'}"],
    ["{0: ['a']}"],
    ["{'__proto__': 'a'}"],
    ["{0: __import__('os')}"],
    ["{0: 'a'}; evil()"],
  ])('%s is not a list of names', (text) => {
    expect(parsePythonDict(text)).toBeUndefined();
  });

  test('long hostile texts are parsed quickly', () => {
    for (const text of [
      '['.repeat(1e6),
      `{0: '${'\\'.repeat(1e6)}`,
      `{${' '.repeat(1e6)}`,
      `{${"0: 'a', ".repeat(1e5)}}`,
    ]) {
      expect(parsePythonDict(text)).toBeUndefined();
    }
  });
});
