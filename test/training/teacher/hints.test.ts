import { describe, expect, test } from 'vitest';
import { hintsOf, networkMaps, teacherHints } from '../../../src/training/teacher/hints.ts';
import { tinyTwoHeads } from '../step/step-networks.ts';

describe('what a network learns from a teacher cell by cell', () => {
  const network = tinyTwoHeads();
  const [, height, width] = network.input;
  const mapsOf = (teacher = tinyTwoHeads()) => networkMaps(teacher, { width, height });
  const teacher = mapsOf();

  test('outputs learn from those with the same grid', () => {
    expect(hintsOf(network, teacher)).toEqual([
      { layer: 'coarse.yolo', source: 'coarse.yolo', channels: 8 },
      { layer: 'fine.yolo', source: 'fine.yolo', channels: 16 },
    ]);
  });

  test('layers learn from the named ones', () => {
    expect(hintsOf(network, teacher, { 'stem.conv': 'stem.act', join: 'fine.conv' }).slice(2)).toEqual([
      { layer: 'stem.conv', source: 'stem.act', channels: 12 },
      { layer: 'join', source: 'fine.conv', channels: 20 },
    ]);
  });

  test('an output with another grid teaches nothing', () => {
    const { layers, ...rest } = tinyTwoHeads();
    const fine = { ...rest, layers: layers.filter(({ name }) => !name.startsWith('coarse.yolo')) };
    expect(hintsOf(network, mapsOf(fine)).map(({ layer }) => layer)).toEqual(['fine.yolo']);
  });

  test('two outputs with the same grid teach nothing', () => {
    const { layers, ...rest } = tinyTwoHeads();
    const twice = layers.flatMap((layer) =>
      layer.name === 'coarse.yolo' ? [layer, { ...layer, name: 'again.yolo' }] : [layer],
    );
    const hints = hintsOf(network, mapsOf({ ...rest, layers: twice }));
    expect(hints.map(({ layer }) => layer)).toEqual(['fine.yolo']);
  });

  test('only layers are hinted if they copy values', () => {
    expect(hintsOf(network, teacher, { 'stem.conv': 'stem.act' }, true)).toEqual([
      { layer: 'stem.conv', source: 'stem.act', channels: 12, copied: true },
    ]);
    expect(() => hintsOf(network, teacher, { join: 'fine.conv' }, true)).toThrow(
      'hints: join of tiny has 56 channels, fine.conv of tiny 20; expected the same number for hintForm copied; choose projected',
    );
  });

  test.each([
    [{ backbone: 'stem.act' }, /tiny has no layer backbone; `micro-yolo info` lists them/],
    [{ 'stem.akt': 'stem.act' }, /tiny has no layer stem\.akt; did you mean stem\.act\?/],
    [{ 'stem.act': 'input' }, /tiny has no layer input/],
    [
      { 'stem.act': 'fine.act' },
      'hints: stem.act of tiny has 16 × 16 cells, fine.act of tiny 8 × 8; expected the same grid; name layers with equal grids',
    ],
  ])('%o is refused', (layers, message) => {
    expect(() => hintsOf(network, teacher, layers as Record<string, string>)).toThrow(message);
  });
});

describe("a teacher's maps as hints", () => {
  const [images, cells] = [2, 64];
  const data = Float32Array.from({ length: images * 2 * cells }, (_, i) => {
    const [channel, image] = [Math.floor(i / cells) % 2, Math.floor(i / (2 * cells))];
    // The second channel hardly varies, far from 0.
    return channel === 0 ? (i % 7) * (image + 1) : 100 + 0.01 * (i % 2);
  });
  const hint = { layer: 'fine.yolo', source: 'teacher.yolo', channels: 2 };

  test('have the same variance in every channel, over the whole batch', () => {
    const maps = { 'teacher.yolo': { shape: [images, 2, 8, 8] as const, data } };
    const { shape, data: hints } = teacherHints(maps, [hint])['fine.yolo.hint']!;
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
    // The order is kept: the larger of two stays the larger.
    expect(hints[1]! - hints[0]!).toBeGreaterThan(0);
  });

  test('for copied layers are relative to the deviation of the whole map', () => {
    const maps = { 'teacher.yolo': { shape: [images, 2, 8, 8] as const, data } };
    const tensors = teacherHints(maps, [{ ...hint, copied: true }]);
    const mean = data.reduce((sum, value) => sum + value) / data.length;
    const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
    const [scale] = tensors['fine.yolo.hint.scale']!.data as Float32Array;
    expect(scale).toBeCloseTo(1 / Math.sqrt(variance), 4);
    expect((tensors['fine.yolo.hint']!.data as Float32Array)[5]).toBeCloseTo(data[5]! * scale!, 5);
  });

  test('are zero for a constant channel', () => {
    const maps = { 'teacher.yolo': { shape: [1, 1, 8, 8] as const, data: new Float32Array(64).fill(3) } };
    expect(new Set(teacherHints(maps, [hint])['fine.yolo.hint']!.data)).toEqual(new Set([0]));
  });
});
