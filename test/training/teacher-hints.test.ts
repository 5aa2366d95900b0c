import { describe, expect, test } from 'vitest';
import { yoloHeads } from '../../src/training/assigners/targets.ts';
import { hintChannels, teacherHints } from '../../src/training/teacher-hints.ts';
import { tinyTwoHeads } from './step-networks.ts';

// 4 × 4 cells of 8 px, and 8 × 8 of 4 px.
const heads = yoloHeads(tinyTwoHeads());

describe('a teacher whose maps are 8 × 8 and 2 × 2', () => {
  const grids = [
    { anchors: [], channels: 2, strideX: 4, strideY: 4 },
    { anchors: [], channels: 5, strideX: 16, strideY: 16 },
  ];
  const [images, cells] = [2, 64];
  const data = Float32Array.from({ length: images * 2 * cells }, (_, i) => {
    const [channel, image] = [Math.floor(i / cells) % 2, Math.floor(i / (2 * cells))];
    // The second channel hardly moves, and far from 0.
    return channel === 0 ? (i % 7) * (image + 1) : 100 + 0.01 * (i % 2);
  });
  const maps = [
    { shape: [images, 2, 8, 8] as const, data },
    { shape: [images, 5, 2, 2] as const, data: new Float32Array(images * 5 * 4) },
  ];

  test('gives hints to the head of the grid both have', () => {
    expect([...hintChannels(grids, heads)]).toEqual([['fine.yolo', 2]]);
    expect(Object.keys(teacherHints(maps, heads))).toEqual(['fine.yolo.hint']);
  });

  test('is as loud in every channel, over the whole batch', () => {
    const { shape, data: hints } = teacherHints(maps, heads)['fine.yolo.hint']!;
    expect(shape).toEqual([images, 2, 8, 8]);
    for (const channel of [0, 1]) {
      const values = Array.from(hints as Float32Array).filter(
        (_, i) => Math.floor(i / cells) % 2 === channel,
      );
      const mean = values.reduce((sum, value) => sum + value) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(mean).toBeCloseTo(0, 4);
      expect(variance).toBeCloseTo(1, 2);
    }
    // In order: the larger of two stays the larger.
    expect(hints[1]! - hints[0]!).toBeGreaterThan(0);
  });

  test('says nothing where a channel is the same everywhere', () => {
    const flat = [{ shape: [1, 1, 8, 8] as const, data: new Float32Array(64).fill(3) }];
    expect(new Set(teacherHints(flat, heads)['fine.yolo.hint']!.data)).toEqual(new Set([0]));
  });
});
