import { expect, test } from 'vitest';
import { numberAnnotations } from '../../../../src/datasets/formats/coco/annotation-ids.ts';
import type { DatasetProblem } from '../../../../src/datasets/problems.ts';

function number(...ids: number[]) {
  const problems: DatasetProblem[] = [];
  const numbered = numberAnnotations(Float64Array.from(ids), 'val.json', (problem) => problems.push(problem));
  return { ids: [...numbered], kinds: problems.map(({ kind }) => kind), message: problems[0]?.message };
}

test('ids that tell annotations apart stay', () => {
  expect(number(7, -3, 900)).toMatchObject({ ids: [7, -3, 900], kinds: [] });
});

test('ids that start again in every image are numbered from 1', () => {
  const { ids, message } = number(1, 2, 1, 2, 3);
  expect(ids).toEqual([1, 2, 3, 4, 5]);
  expect(message).toBe(
    'of 5 annotation ids, 2 repeat an earlier one: all are numbered from 1, and no box is lost',
  );
});

test('ids that all are 0 are numbered from 1', () => {
  expect(number(0, 0, 0)).toMatchObject({ ids: [1, 2, 3], kinds: ['annotation-id'] });
});

test('a missing id, and one beyond 2^53, is said for what it is', () => {
  const { ids, message } = number(4, Number.NaN, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  expect(ids).toEqual([1, 2, 3, 4]);
  expect(message).toMatch(
    /1 are missing or not whole numbers, 2 are beyond 2\^53, where precision is lost and ids could merge/,
  );
});

test('a single id 0 stays, and its remedy is named', () => {
  const { ids, kinds, message } = number(0, 1, 2);
  expect([ids, kinds]).toEqual([[0, 1, 2], ['zero-annotation-id']]);
  expect(message).toMatch(/never counts its box as found; "micro-yolo dataset check --fix" numbers/);
});
