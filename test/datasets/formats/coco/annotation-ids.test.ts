import { expect, test } from 'vitest';
import { numberAnnotations } from '../../../../src/datasets/formats/coco/annotation-ids.ts';
import type { DatasetProblem } from '../../../../src/datasets/problems.ts';

function number(...ids: number[]) {
  const problems: DatasetProblem[] = [];
  const numbered = numberAnnotations(Float64Array.from(ids), 'val.json', (problem) => problems.push(problem));
  return { ids: [...numbered], kinds: problems.map(({ kind }) => kind), message: problems[0]?.message };
}

test('keeps ids that identify annotations', () => {
  expect(number(7, -3, 900)).toMatchObject({ ids: [7, -3, 900], kinds: [] });
});

test('numbers annotations from 1 if ids restart in every image', () => {
  const { ids, message } = number(1, 2, 1, 2, 3);
  expect(ids).toEqual([1, 2, 3, 4, 5]);
  expect(message).toBe(
    'of 5 annotation ids, 2 repeat an earlier one: all are numbered from 1, and no box is lost',
  );
});

test('numbers annotations from 1 if all ids are 0', () => {
  expect(number(0, 0, 0)).toMatchObject({ ids: [1, 2, 3], kinds: ['annotation-id'] });
});

test('reports a missing id, and one beyond 2^53, as such', () => {
  const { ids, message } = number(4, Number.NaN, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  expect(ids).toEqual([1, 2, 3, 4]);
  expect(message).toMatch(
    /1 are missing or not whole numbers, 2 are beyond 2\^53, where precision is lost and ids could merge/,
  );
});

test('keeps a single id 0 and names the remedy', () => {
  const { ids, kinds, message } = number(0, 1, 2);
  expect([ids, kinds]).toEqual([[0, 1, 2], ['zero-annotation-id']]);
  expect(message).toMatch(/never counts its box as found; "micro-yolo dataset check --fix" numbers/);
});
