import { expect, test } from 'vitest';
import { parseYoloLabels, yoloLine } from '../../../../src/datasets/formats/yolo/labels.ts';
import type { DatasetProblem } from '../../../../src/datasets/problems.ts';

const image = { width: 640, height: 480 };

function parse(text: string, keyPoints = 0) {
  const problems: DatasetProblem[] = [];
  const names = new Map([
    [0, 'cat'],
    [3, 'dog'],
  ]);
  const labels = parseYoloLabels(text, image, 'a.txt', { names, keyPoints }, (problem) =>
    problems.push(problem),
  );
  return { labels, problems, remarks: labels.flatMap(({ remarks }) => remarks) };
}

const GOOD = '0 0.5 0.5 0.25 0.5';
const GOOD_BOX = [240, 120, 160, 240];

test('a line is a class and a box in fractions of the image', () => {
  expect(parse('3 0.5 0.5 0.25 0.5\n\n').labels).toEqual([
    { index: 3, box: [240, 120, 160, 240], extra: {}, remarks: [] },
  ]);
});

test('keeps an outline with its bounding box', () => {
  expect(parse('0 0.25 0.5 0.5 0.25 0.75 0.5').labels).toEqual([
    {
      index: 0,
      box: [160, 120, 320, 120],
      extra: { segmentation: [[160, 240, 320, 120, 480, 240]] },
      remarks: ['outline', 'short-outline'],
    },
  ]);
});

test('a box with two decimals survives writing and reading', () => {
  const boxes = [
    [0.01, 13.37, 639.98, 466.63],
    [1 / 4, 100.07, 33.33, 0.01],
  ] as const;
  for (const box of boxes) expect(parse(yoloLine(3, box, image)).labels[0]?.box).toEqual(box);
});

test('reports a box without area and keeps it', () => {
  const { labels, problems } = parse('0 0.5 0.5 0 0.1');
  expect(problems.map(({ kind }) => kind)).toEqual(['empty-box']);
  expect(labels).toHaveLength(1);
});

test.for([
  ['1 0.5 0.5 0.1 0.1', 'unknown-category', /class "1", expected one of 2 names, numbered 0, 3/],
  ['0.5 0.5 0.5 0.1 0.1', 'unknown-category', /class "0.5", expected one of 2 names/],
  ['dog 0.5 0.5 0.1 0.1', 'unknown-category', /class "dog", expected its number: 3 for "dog"/],
  ['0 0.5 0.5 0.1', 'bad-box', /4 numbers, expected a class and four numbers/],
  ['0 0.1 0.2 0.3 0.4 0.5 0.6 0.7', 'bad-box', /8 numbers, expected a class and four numbers/],
  ['0 320 240 100 50', 'bad-box', /pixels\? expected numbers from 0 to 1/],
  ['0 0.5 0.5 -0.1 0.1', 'bad-box', /expected numbers from 0 to 1/],
  ['0 nan 0.5 0.1 0.1', 'bad-box', /NaN or infinity/],
  ['0 0.5 inf 0.1 0.1', 'bad-box', /NaN or infinity/],
  ['0x0 0.5 0.5 0.1 0.1', 'bad-box', /hexadecimal/],
  ['0 0x1 0.5 0.1 0.1', 'bad-box', /hexadecimal/],
  ['0,0.5,0.5,0.1,0.1', 'bad-box', /commas or semicolons/],
  ['0, 0.5, 0.5, 0.1, 0.1', 'bad-box', /commas or semicolons/],
  ['0;0.5;0.5;0.1;0.1', 'bad-box', /commas or semicolons/],
  ['0 0,5 0,5 0,1 0,1', 'bad-box', /decimal commas/],
  ['class x y w h', 'bad-box', /words, expected numbers; remove a header/],
  ['0 0.5 0.5 0.1 wide', 'bad-box', /"wide" is not a number/],
  ['0 0.5 0.5 0.1 0.1 0.9 7', 'bad-box', /a confidence and a track id at the end/],
  ['0 -0.09 0.5 0.1 0.1', 'bad-box', /a box outside its image/],
] as const)('%s is reported with its line, and the good line is kept', ([line, kind, message]) => {
  const { labels, problems } = parse(`${GOOD}\n${line}`);
  expect(problems).toEqual([{ kind, place: 'a.txt:2', message: expect.stringMatching(message) }]);
  expect(labels.map(({ box }) => box)).toEqual([GOOD_BOX]);
});

test.for([
  ['a class with a fraction of 0', '0.0 0.5 0.5 0.25 0.5'],
  ['plus signs and bare points', '+0 +.5 .5 .25 .5'],
  ['exponents', '0 5e-1 5.0E-01 2.5e-1 0.5'],
  ['tabs', '0\t0.5\t0.5\t0.25\t0.5\t'],
  ['CR alone as the end of a line', `${GOOD}\r`],
  ['blank lines', `\n \n${GOOD}\n\n`],
  ['a comment', `# made by a person\n${GOOD}`],
] as const)('%s changes nothing', ([, text]) => {
  const { labels, problems } = parse(text);
  expect(problems).toEqual([]);
  expect(labels).toEqual([{ index: 0, box: GOOD_BOX, extra: {}, remarks: [] }]);
});

test('ignores a sixth number', () => {
  for (const number of ['0.93', '7', 'nan']) {
    const { labels, problems } = parse(`${GOOD} ${number}`);
    expect(problems).toEqual([]);
    expect(labels).toEqual([{ index: 0, box: GOOD_BOX, extra: {}, remarks: ['extra-number'] }]);
  }
});

test.for([
  ['a center', '0 -0.000001 0.5 0.1 0.1', [0, 216, 31.9994, 48]],
  ['a width', '0 0.5 0.5 1.004 0.5', [0, 120, 640, 240]],
  ['a point', '0 -0.0005 0.25 0.5 0.25 0.5 0.75', [0, 120, 320, 240]],
] as const)('%s a little outside the image is clipped', ([, line, box]) => {
  const { labels, remarks } = parse(line);
  for (const [side, value] of box.entries()) expect(labels[0]!.box[side]).toBeCloseTo(value, 3);
  expect(remarks).toContain('cut');
});

test('a pose has the box of its first four numbers, and its points give no outline', () => {
  const { labels } = parse(`${GOOD} 0.4 0.3 2 0.6 0.3 1`, 6);
  expect(labels).toEqual([{ index: 0, box: GOOD_BOX, extra: {}, remarks: [] }]);
  const { labels: none, problems } = parse(GOOD, 6);
  expect([none, problems.length]).toEqual([[], 1]);
});
