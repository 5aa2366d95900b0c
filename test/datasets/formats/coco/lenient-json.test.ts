import { expect, test } from 'vitest';
import { parseLenientJson } from '../../../../src/datasets/formats/coco/lenient-json.ts';

test('NaN and Infinity are numbers', () => {
  expect(parseLenientJson('{"a": [NaN, Infinity, -Infinity, 1]}')).toEqual({
    value: { a: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1] },
    isJson: false,
  });
});

test('text that speaks of NaN stays as it is', () => {
  expect(parseLenientJson('{"NaN": "a \\"NaN, Infinity\\\\", "b": NaN}').value).toEqual({
    NaN: 'a "NaN, Infinity\\',
    b: Number.NaN,
  });
});

test('a key named __proto__ stays a key', () => {
  const value = parseLenientJson('{"__proto__": {"polluted": NaN}}').value as object;
  expect([Object.keys(value), 'polluted' in value]).toEqual([['__proto__'], false]);
});

test('what is not JSON for another reason is refused', () => {
  expect(() => parseLenientJson('{"a": NaN, b}')).toThrow(SyntaxError);
  expect(() => parseLenientJson('{"a": NaNa}')).toThrow(SyntaxError);
});
