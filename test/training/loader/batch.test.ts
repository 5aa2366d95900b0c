import { describe, expect, test } from 'vitest';
import { bestAnchor } from '../../../src/training/assigners/best-anchor.ts';
import { detectionBatch } from '../../../src/training/loader/batch.ts';
import { headOf, truthAt } from '../assigners/heads.ts';

const SIZE = { width: 64, height: 32 };
const heads = [headOf(16, [[10, 10]]), headOf(32, [[40, 30]])];
const image = (...truths: ReturnType<typeof truthAt>[]) => ({
  pixels: new Uint8Array(SIZE.width * SIZE.height * 3),
  truths,
});

describe('detectionBatch', () => {
  test('holds boxes and classes for the graph', () => {
    const { tensors } = detectionBatch(
      [image(), image(truthAt(20, 10, 8, 6, 2))],
      SIZE,
      heads,
      bestAnchor,
      2,
    );
    expect(tensors['truths']).toEqual({
      shape: [2, 2, 4],
      data: Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 16, 7, 24, 13, 0, 0, 0, 0),
    });
    expect(tensors['truths.class']).toEqual({ shape: [2, 2], data: Float32Array.of(0, 0, 2, 0) });
  });

  test('leaves out empty boxes and reports how many truths have no room', () => {
    const truths = [
      truthAt(20, 10, 0, 6),
      truthAt(8, 8, 9, 9, 1),
      truthAt(20, 8, 9, 9),
      truthAt(40, 8, 9, 9),
    ];
    const batch = detectionBatch([image(...truths)], SIZE, heads, bestAnchor, 2);
    expect(batch.truthCount).toBe(3);
    expect(batch.overflow).toBe(1);
    expect(batch.assigned).toBe(3);
    expect(Array.from(batch.tensors['truths.class']!.data)).toEqual([1, 0]);
  });

  test('counts truths that have an anchor cell: two truths in one cell count as one', () => {
    const near = [truthAt(4, 4, 9, 9), truthAt(6, 6, 10, 10), truthAt(30, 16, 40, 30)];
    const { truthCount, assigned } = detectionBatch(
      [image(...near), image(truthAt(4, 4, 9, 9))],
      SIZE,
      heads,
      bestAnchor,
      8,
    );
    expect([truthCount, assigned]).toEqual([4, 3]);
  });

  test('makes no targets if the graph assigns them', () => {
    const batch = detectionBatch([image(truthAt(8, 8, 9, 9))], SIZE, heads, undefined, 2);
    expect(Object.keys(batch.tensors)).toEqual(['image', 'truths', 'truths.class']);
    expect(batch.assigned).toBeUndefined();
  });

  test('keeps ignored boxes, the largest if there are too many', () => {
    const ignored = [
      [0, 0, 4, 4],
      [10, 10, 30, 30],
      [20, 0, 28, 8],
    ] as const;
    const one = { ...image(truthAt(8, 8, 9, 9)), ignored };
    const { tensors, overflow, truthCount } = detectionBatch([one, image()], SIZE, heads, bestAnchor, 2, {
      ignored: 2,
    });
    expect(tensors['ignored']).toEqual({
      shape: [2, 2, 4],
      data: Float32Array.of(10, 10, 30, 30, 20, 0, 28, 8, 0, 0, 0, 0, 0, 0, 0, 0),
    });
    expect([overflow, truthCount]).toEqual([1, 1]);
  });

  test('keeps weights of truths, and of the cells assigned to them', () => {
    const truth = { ...truthAt(8, 8, 9, 9), weight: 0.25 };
    const { tensors } = detectionBatch([image(truth)], SIZE, heads, bestAnchor, 2, { isWeighted: true });
    expect(tensors['truths.weight']).toEqual({ shape: [1, 2], data: Float32Array.of(0.25, 0) });
    expect([...tensors['head16.weight']!.data]).toEqual(
      [...tensors['head16.positive']!.data].map((positive) => 0.25 * positive),
    );
  });
});
