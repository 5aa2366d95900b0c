import { expect, test } from 'vitest';
import { scanJson } from '../../../../src/datasets/formats/coco/scan-json.ts';

function elements(text: string, key = 'a'): readonly string[] {
  const bytes = Buffer.from(text);
  const ranges = scanJson(bytes, [key], 'f.json').arrays.get(key)!;
  return Array.from({ length: ranges.length }, (_, i) =>
    bytes.toString('utf8', ranges.start(i), ranges.end(i)),
  );
}

const scan = (text: string) => () => scanJson(Buffer.from(text), ['a'], 'f.json');

test('splits an array into its elements', () => {
  expect(elements('{"a": [1, {"b": [2, 3]}, "x", null ,[]]}')).toEqual([
    '1',
    '{"b": [2, 3]}',
    '"x"',
    'null',
    '[]',
  ]);
});

test('does not split at brackets, commas and quotes in strings', () => {
  const strings = ['"]},["', '"a\\"]"', '"\\\\"', '"é, ü"'];
  expect(elements(`{"a":[${strings.join(',')}]}`)).toEqual(strings);
});

test('finds thousands of elements', () => {
  expect(elements(JSON.stringify({ a: Array.from({ length: 5000 }, (_, i) => i) }))).toHaveLength(5000);
});

test('also finds the values of other keys', () => {
  const bytes = Buffer.from('{"info": {"a": [1]}, "a": [], "n": 12 }');
  const { others } = scanJson(bytes, ['a'], 'f.json');
  const texts = [...others].map(([key, [start, end]]) => [key, bytes.toString('utf8', start, end)]);
  expect(texts).toEqual([
    ['info', '{"a": [1]}'],
    ['n', '12'],
  ]);
});

test('finds nothing in an empty object', () => {
  expect(scan(' { } ')().arrays.size).toBe(0);
});

test.for([
  ['{"a": [1, {"b": "c', 'f.json: truncated after 18 bytes, inside a[1]; download or export it again'],
  ['{"a": [1, 2', 'f.json: truncated after 11 bytes, inside a[1]; download or export it again'],
  ['{"a"', 'f.json: truncated after 4 bytes, inside a; download or export it again'],
  ['[1]', 'f.json: not JSON at byte 0 (in its start), expected {; download or export it again'],
  ['{"a": {}}', 'f.json: "a" is an object, expected a list; write [] if it is empty'],
  ['{"a": null}', 'f.json: "a" is null, expected a list; write [] if it is empty'],
  ['{"a": "x"}', 'f.json: "a" is text, expected a list; write [] if it is empty'],
  ['{"a": 3}', 'f.json: "a" is a number, expected a list; write [] if it is empty'],
  ['{"a": [1,,2]}', 'f.json: not JSON at byte 9 (in a[1]), expected a value; download or export it again'],
  ['{"a": [1} ]', 'f.json: not JSON at byte 8 (in a[0]), expected , or ]; download or export it again'],
  ['{"a": []} {', 'f.json: has more text after its JSON, at byte 10; download or export it again'],
  ['{"a": [], "a": []}', 'f.json: has "a" twice; join the two'],
  ['{"\\x": 1}', 'f.json: key "\\x" is not JSON; download or export it again'],
] as const)('%s is refused with one line', ([text, message]) => {
  expect(scan(text)).toThrow(message);
});

test.each(['', ' \n'])('a file without content is empty: %j', (text) => {
  expect(scan(text)).toThrow('f.json: is empty; download or export it again');
});
