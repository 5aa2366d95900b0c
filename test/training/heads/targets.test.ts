import { describe, expect, test } from 'vitest';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import { bestAnchor } from '../../../src/training/assigners/best-anchor.ts';
import { shapeRatio } from '../../../src/training/assigners/shape-ratio.ts';
import { denseTargets, type HeadTargets, yoloHeads } from '../../../src/training/heads/targets.ts';
import { headOf, truthAt } from '../assigners/heads.ts';

const head = headOf(16, [
  [10, 20],
  [30, 15],
]);
const CELLS = 8;

/** Assigned anchor cells by their index in `positive`, with the box and the class to learn. */
function assigned({ positive, box, classId }: HeadTargets): Readonly<Record<number, readonly number[]>> {
  return Object.fromEntries(
    [...positive].flatMap((value, place) => {
      if (value === 0) return [];
      const [group, cell] = [Math.floor(place / CELLS), place % CELLS];
      const parts = [0, 1, 2, 3].map((part) => box[(4 * group + part) * CELLS + cell]!);
      return [[place, [...parts, classId[place]!]]];
    }),
  );
}

describe('denseTargets', () => {
  test('writes center, sides and class for each assigned truth, image by image', () => {
    const images = [[truthAt(20, 10, 10, 20, 2)], [], [truthAt(50, 25, 28, 15, 1), truthAt(3, 30, 9, 19)]];
    const [target] = denseTargets(images, [head], bestAnchor);
    expect(target!.positive).toHaveLength(3 * 2 * CELLS);
    expect(target!.box).toHaveLength(3 * 2 * 4 * CELLS);
    expect(target!.classId).toHaveLength(3 * 2 * CELLS);
    const [first, third] = [0, 2 * 2 * CELLS];
    expect(assigned(target!)).toEqual({
      [first + 1]: [20, 10, 10, 20, 2],
      [third + 4]: [3, 30, 9, 19, 0],
      [third + CELLS + 7]: [50, 25, 28, 15, 1],
    });
  });

  test('is zero where nothing is assigned', () => {
    const [target] = denseTargets([[truthAt(20, 10, 10, 20, 2)]], [head], bestAnchor);
    const numbers = [...target!.positive, ...target!.box, ...target!.classId];
    expect(numbers.filter((value) => value !== 0)).toHaveLength(1 + 4 + 1);
  });

  test.each([
    ['no width', [10, 10, 10, 20]],
    ['no height', [10, 10, 20, 10]],
    ['edges in the wrong order', [20, 20, 10, 10]],
    ['a NaN edge', [10, Number.NaN, 20, 20]],
  ] as const)('leaves out a box with %s', (_, box) => {
    for (const assigner of [bestAnchor, shapeRatio]) {
      const [target] = denseTargets([[{ box, classId: 1 }]], [head], assigner);
      expect(assigned(target!)).toEqual({});
    }
  });

  test.each([[[0, 1]], [[1, 0]]])(
    'keeps the better match of two truths for one anchor cell, in either order: %j',
    (order) => {
      const truths = [truthAt(20, 10, 10, 20, 1), truthAt(22, 9, 11, 25, 2)];
      const [target] = denseTargets([order.map((index) => truths[index]!)], [head], bestAnchor);
      expect(assigned(target!)).toEqual({ 1: [20, 10, 10, 20, 1] });
    },
  );

  test('keeps the first of two truths that match one anchor cell equally', () => {
    const truths = [truthAt(20, 10, 10, 20, 1), truthAt(24, 12, 10, 20, 2)];
    const [target] = denseTargets([truths], [head], bestAnchor);
    expect(assigned(target!)).toEqual({ 1: [20, 10, 10, 20, 1] });
  });

  test('keeps both truths of one cell that go to different anchors', () => {
    const truths = [truthAt(20, 10, 10, 20, 1), truthAt(24, 12, 30, 15, 2)];
    const [target] = denseTargets([truths], [head], bestAnchor);
    expect(assigned(target!)).toEqual({ 1: [20, 10, 10, 20, 1], [CELLS + 1]: [24, 12, 30, 15, 2] });
  });

  test.each([[[0, 1]], [[1, 0]]])(
    "never gives a truth's own cell to a neighbor's truth, in either order: %j",
    (order) => {
      // The second fits its anchor better, and the cell of the first is its right neighbor.
      const truths = [truthAt(24, 10, 6, 30, 1), truthAt(14, 10, 10, 20, 2)];
      const [target] = denseTargets([order.map((index) => truths[index]!)], [head], shapeRatio);
      const found = assigned(target!);
      expect(found[1]?.at(-1)).toBe(1);
      expect(found[0]?.at(-1)).toBe(2);
    },
  );
});

describe('yoloHeads', () => {
  test('has the grid of each yolo output, with separate rows and columns', () => {
    const builder = new NetworkBuilder([3, 96, 64]);
    const down = builder.conv('down', 'input', { outChannels: 4, kernel: 3, stride: 2 });
    for (const [name, stride] of [
      ['coarse', 16],
      ['fine', 4],
    ] as const) {
      const pooled = builder.maxPool(`${name}.pool`, down, { kernel: stride, stride });
      const logits = builder.conv(`${name}.logits`, pooled, { outChannels: 7, kernel: 1, bias: true });
      builder.yolo(name, logits, { anchors: [[3, 4]], classes: 2 });
    }
    const heads = yoloHeads(builder.build('two'));
    expect(heads.map(({ layer, ...grid }) => [layer.name, grid])).toEqual([
      ['coarse', { rows: 3, columns: 2, strideX: 32, strideY: 32 }],
      ['fine', { rows: 12, columns: 8, strideX: 8, strideY: 8 }],
    ]);
  });
});
