import { expect, test } from 'vitest';
import type { DatasetProblem } from '../../../src/datasets/problems.ts';
import { parseYoloLabels, yoloLine } from '../../../src/datasets/yolo/labels.ts';

const image = { width: 640, height: 480 };

function parse(text: string) {
  const problems: DatasetProblem[] = [];
  const labels = parseYoloLabels(
    text,
    image,
    'a.txt',
    (index) => index === 0 || index === 3,
    (problem) => problems.push(problem),
  );
  return { labels, problems };
}

test('a line is a class and a box in parts of the image', () => {
  expect(parse('3 0.5 0.5 0.25 0.5\n\n').labels).toEqual([
    { index: 3, box: [240, 120, 160, 240], extra: {} },
  ]);
});

test('an outline is kept, with the box around it', () => {
  expect(parse('0 0.25 0.5 0.5 0.25 0.75 0.5').labels).toEqual([
    { index: 0, box: [160, 120, 320, 120], extra: { segmentation: [[160, 240, 320, 120, 480, 240]] } },
  ]);
});

test('a box with two decimals is the same after writing and reading', () => {
  const boxes = [
    [0.01, 13.37, 639.98, 466.63],
    [1 / 4, 100.07, 33.33, 0.01],
  ] as const;
  for (const box of boxes) expect(parse(yoloLine(3, box, image)).labels[0]?.box).toEqual(box);
});

test('a box without area is reported and kept', () => {
  const { labels, problems } = parse('0 0.5 0.5 0 0.1');
  expect(problems.map(({ kind }) => kind)).toEqual(['empty-box']);
  expect(labels).toHaveLength(1);
});

test.for([
  ['1 0.5 0.5 0.1 0.1', 'unknown-category', 'class "1", expected the number of a class'],
  ['0.5 0.5 0.5 0.1 0.1', 'unknown-category', 'class "0.5", expected the number of a class'],
  ['dog 0.5 0.5 0.1 0.1', 'unknown-category', 'class "dog", expected the number of a class'],
  ['0 0.5 0.5 0.1', 'bad-box', /expected a class and four numbers/],
  ['0 0.5 0.5 0.1 0.1 0.9', 'bad-box', /expected a class and four numbers/],
  ['0 320 240 100 50', 'bad-box', /expected numbers from 0 to 1/],
  ['0 0.5 0.5 -0.1 0.1', 'bad-box', /expected numbers from 0 to 1/],
  ['0 nan 0.5 0.1 0.1', 'bad-box', /expected numbers from 0 to 1/],
] as const)('%s is reported with its line', ([line, kind, message]) => {
  expect(parse(`0 0.5 0.5 0.1 0.1\n${line}`).problems).toEqual([
    { kind, place: 'a.txt:2', message: expect.stringMatching(message) },
  ]);
});

test("a pose's box is the first four numbers, and no outline is made of its points", () => {
  const line = '0 0.5 0.5 0.25 0.5 0.4 0.3 2 0.6 0.3 1';
  const problems: DatasetProblem[] = [];
  const read = (text: string) =>
    parseYoloLabels(
      text,
      image,
      'a.txt',
      () => true,
      (problem) => problems.push(problem),
      6,
    );
  expect(read(line)).toEqual([{ index: 0, box: [240, 120, 160, 240], extra: {} }]);
  expect([read('0 0.5 0.5 0.25 0.5'), problems.length]).toEqual([[], 1]);
});
