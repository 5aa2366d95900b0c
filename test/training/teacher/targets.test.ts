import { describe, expect, test } from 'vitest';
import type { Head } from '../../../src/training/heads/targets.ts';
import {
  sharedOutputs,
  TEACHER_FLOOR,
  type TeacherPrediction,
  teacherTargets,
} from '../../../src/training/teacher/targets.ts';
import { headOf } from '../assigners/heads.ts';

/** For a 64 × 32 image: 2 × 4 cells of 16 pixels, and 1 × 2 of 32. */
const heads: readonly Head[] = [
  headOf(16, [
    [8, 8],
    [16, 12],
  ]),
  headOf(32, [[40, 30]]),
];
/** The teacher's classes in another order, one of them unknown to it. */
const CLASS_MAP = [3, undefined, 0];

const prediction = (
  [x, y, width, height]: readonly [number, number, number, number],
  objectness: number,
): TeacherPrediction => ({
  box: [x - width / 2, y - height / 2, x + width / 2, y + height / 2],
  objectness,
  classScores: Float32Array.of(0.125, 0.25, 0.5, 0.75),
  place: { output: 0, anchor: 0, cell: 1 },
});

/** Indices and values of nonzero entries. */
const filled = (data: ArrayLike<number>) =>
  Array.from(data, (value, place) => [place, value] as const).filter(([, value]) => value !== 0);

describe('teacherTargets', () => {
  test("puts a prediction on the best anchor, with its classes in the student's order", () => {
    const found = [[], [prediction([20, 24, 15, 13], 0.5)]];
    const tensors = teacherTargets(found, heads, CLASS_MAP, []);
    // The second image and its second anchor, row 1 and column 1.
    const [group, cell] = [1 * 2 + 1, 5];
    expect(filled(tensors['head16.teacher.objectness']!.data)).toEqual([[group * 8 + cell, 0.5]]);
    const at = (part: number, parts: number) => (group * parts + part) * 8 + cell;
    expect(filled(tensors['head16.teacher.box']!.data)).toEqual([
      [at(0, 4), 20],
      [at(1, 4), 24],
      [at(2, 4), 15],
      [at(3, 4), 13],
    ]);
    expect(filled(tensors['head16.teacher.classes']!.data)).toEqual([
      [at(0, 3), 0.75],
      [at(2, 3), 0.125],
    ]);
    expect(filled(tensors['head32.teacher.objectness']!.data)).toEqual([]);
  });

  test('has the shapes of the inputs', () => {
    const tensors = teacherTargets([[], []], heads, CLASS_MAP, []);
    const shapes = Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
    expect(shapes).toEqual({
      'head16.teacher.objectness': [2, 2, 1, 8],
      'head16.teacher.box': [2, 2, 4, 8],
      'head16.teacher.classes': [2, 2, 3, 8],
      'head32.teacher.objectness': [2, 1, 1, 2],
      'head32.teacher.box': [2, 1, 4, 2],
      'head32.teacher.classes': [2, 1, 3, 2],
    });
    for (const { shape, data } of Object.values(tensors)) {
      expect(data).toEqual(new Float32Array(shape.reduce((product, size) => product * size)));
    }
  });

  test.each([
    ['first', [0.5, 0.75]],
    ['last', [0.75, 0.5]],
  ])('keeps the more confident of two for one anchor cell, with the weaker one %s', (_, scores) => {
    const found = scores.map((score) => prediction([20, 24, 15, 10 + 4 * score], score));
    const tensors = teacherTargets([found], heads, CLASS_MAP, []);
    expect(filled(tensors['head16.teacher.objectness']!.data)).toEqual([[8 + 5, 0.75]]);
    expect(tensors['head16.teacher.box']!.data[(4 + 3) * 8 + 5]).toBe(13);
  });

  describe('for a teacher whose outputs have the grids and anchors of the heads', () => {
    const grids = heads
      .map(({ layer, strideX, strideY }) => ({ anchors: layer.anchors, channels: 3, strideX, strideY }))
      .toReversed();

    test('puts a prediction where the teacher makes it', () => {
      const found = [{ ...prediction([20, 24, 15, 13], 0.5), place: { output: 1, anchor: 0, cell: 6 } }];
      const tensors = teacherTargets([found], heads, CLASS_MAP, grids);
      expect(filled(tensors['head16.teacher.objectness']!.data)).toEqual([[6, 0.5]]);
      expect(filled(tensors['head32.teacher.objectness']!.data)).toEqual([]);
    });

    test.each([
      ['has another anchor', [{ ...grids[0]!, anchors: [[40, 31] as const] }, grids[1]!]],
      ['has another grid', [{ ...grids[0]!, strideX: 64 }, grids[1]!]],
      ['has an extra output', [...grids, { ...grids[0]!, strideX: 64 }]],
    ])('puts it on the best anchor if one %s', (_, others) => {
      expect(sharedOutputs(others, heads)).toBeUndefined();
      const found = [{ ...prediction([20, 24, 15, 13], 0.5), place: { output: 1, anchor: 0, cell: 6 } }];
      const tensors = teacherTargets([found], heads, CLASS_MAP, others);
      expect(filled(tensors['head16.teacher.objectness']!.data)).toEqual([[8 + 5, 0.5]]);
    });
  });

  test('leaves out predictions with a tiny score or no area', () => {
    const found = [
      prediction([20, 24, 15, 13], TEACHER_FLOOR - 1e-6),
      prediction([20, 24, 0, 13], 1),
      prediction([20, 24, 15, 13], Number.NaN),
    ];
    const tensors = teacherTargets([found], heads, CLASS_MAP, []);
    for (const [name, { data }] of Object.entries(tensors)) expect(filled(data), name).toEqual([]);
    const all = teacherTargets([found], heads, CLASS_MAP, [], 0.01);
    expect(filled(all['head16.teacher.objectness']!.data)).toHaveLength(1);
  });
});
