import { describe, expect, test } from 'vitest';
import type { Head, Truth } from '../../src/training/assigners/targets.ts';
import { detectionBatch } from '../../src/training/batch.ts';
import { correctTeacher } from '../../src/training/correct-teacher.ts';
import { type TeacherPrediction, teacherTargets } from '../../src/training/teacher-targets.ts';
import { headOf } from './assigners/heads.ts';

/** Of a 64 × 32 image: 2 × 4 cells of 16 pixels, and 1 × 2 of 32. */
const INPUT = { width: 64, height: 32 };
const heads: readonly Head[] = [
  headOf(16, [
    [8, 8],
    [16, 12],
  ]),
  headOf(32, [[40, 30]]),
];
const CLASSES = [0, 1, 2];
/** Of an image of its own, its best anchor is the second of 16 pixels, in row 1 and column 1. */
const TRUTH: Truth = { box: [12, 18, 28, 30], classId: 1 };
const [GROUP, CELL] = [1, 5];

const prediction = (objectness: number, classScores: readonly number[]): TeacherPrediction => ({
  box: [13, 18, 28, 31],
  objectness,
  classScores,
  place: { output: 0, anchor: 0, cell: 0 },
});

/** What the first head is taught of the first image, where the truth is: objectness, box and classes. */
function taught(found: readonly TeacherPrediction[], truths: readonly Truth[]) {
  const image = { pixels: new Uint8Array(3 * INPUT.width * INPUT.height), truths };
  const batch = detectionBatch([image], INPUT, heads, undefined, 8).tensors;
  const tensors = teacherTargets([found], heads, CLASSES, []);
  correctTeacher(tensors, batch, heads);
  const at = (name: string, parts: number) =>
    Array.from(
      { length: parts },
      (_, part) => tensors[`head16.teacher.${name}`]!.data[(GROUP * parts + part) * 8 + CELL],
    );
  const all = Object.values(tensors).flatMap(({ data }) => [...data]);
  return {
    objectness: at('objectness', 1)[0],
    box: at('box', 4),
    classes: at('classes', 3),
    filled: all.filter((value) => value !== 0).length,
  };
}

describe('correctTeacher', () => {
  test('an object that the teacher overlooks is there for sure, with its box and class alone', () => {
    expect(taught([], [TRUTH])).toEqual({
      objectness: 1,
      box: [20, 24, 16, 12],
      classes: [0, 1, 0],
      filled: 6,
    });
  });

  test('of an object that the teacher knows the other classes keep their scores', () => {
    const { objectness, box, classes } = taught([prediction(0.5, [0.25, 0.5, 0.125])], [TRUTH]);
    expect(objectness).toBe(1);
    expect(box).toEqual([20, 24, 16, 12]);
    expect(classes).toEqual([0.25, 1, 0.125]);
  });

  test('one that the teacher takes for something else is what it is', () => {
    expect(taught([prediction(0.5, [0.75, 0.5, 0.125])], [TRUTH]).classes).toEqual([0, 1, 0]);
  });

  test('what the teacher sees where no object is stays as it says', () => {
    const seen = [prediction(0.5, [0.25, 0.5, 0.125])];
    const { objectness, box, classes } = taught(seen, []);
    expect([objectness, ...box, ...classes]).toEqual([0.5, 20.5, 24.5, 15, 13, 0.25, 0.5, 0.125]);
  });

  test('an empty box is no object', () => {
    expect(taught([], [{ box: [12, 18, 12, 30], classId: 1 }]).filled).toBe(0);
  });
});
