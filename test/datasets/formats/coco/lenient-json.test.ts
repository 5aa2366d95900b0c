import { expect, test } from 'vitest';
import { parseLenientJson } from '../../../../src/datasets/formats/coco/lenient-json.ts';

test('reads NaN and Infinity as numbers', () => {
  expect(parseLenientJson('{"a": [NaN, Infinity, -Infinity, 1]}')).toEqual({
    value: { a: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1] },
    isJson: false,
  });
});

test('does not change text that contains NaN', () => {
  expect(parseLenientJson('{"NaN": "a \\"NaN, Infinity\\\\", "b": NaN}').value).toEqual({
    NaN: 'a "NaN, Infinity\\',
    b: Number.NaN,
  });
});

test('a key named __proto__ stays a key', () => {
  const value = parseLenientJson('{"__proto__": {"polluted": NaN}}').value as object;
  expect([Object.keys(value), 'polluted' in value]).toEqual([['__proto__'], false]);
});

test('refuses other invalid JSON', () => {
  expect(() => parseLenientJson('{"a": NaN, b}')).toThrow(SyntaxError);
  expect(() => parseLenientJson('{"a": NaNa}')).toThrow(SyntaxError);
});
