import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { costIn, Decomposer } from '../../../src/compression/low-rank/decomposer.ts';
import type { Method } from '../../../src/compression/low-rank/kernel.ts';
import { readModel, writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { DEFAULT_RECIPE, type Model } from '../../../src/models/model.ts';
import { ImageNetwork } from '../../../src/models/running/image-network.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import type { Network } from '../../../src/network/layers.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { randomWeights } from '../../network/random-weights.ts';
import { temporaryFolder } from '../../temporary-files.ts';

/** Each kind of layer that can be split: stride 1 and 2, with and without norm and bias, and dense. */
function smallNetwork(): Network {
  const build = new NetworkBuilder([3, 24, 32]);
  build.conv('stem', 'input', { outChannels: 24, kernel: 3 });
  build.batchNorm('stem.norm', 'stem');
  build.activation('stem.act', 'stem.norm', 'relu');
  build.conv('wide', 'stem.act', { outChannels: 40, kernel: 3 });
  build.batchNorm('wide.norm', 'wide');
  build.conv('strided', 'wide.norm', { outChannels: 32, kernel: 5, stride: 2, bias: true });
  build.conv('point', 'strided', { outChannels: 32, kernel: 1, stride: 2 });
  build.conv('depthwise', 'point', { outChannels: 32, kernel: 3, groups: 32 });
  build.dense('dense', 'depthwise', 24);
  build.classes('classes', 'dense', { classes: 24, softmax: false });
  return build.build('small');
}

const network = smallNetwork();
const model: Model = {
  ...{ network, weights: randomWeights(network, 5), recipe: DEFAULT_RECIPE, provenance: {} },
  classes: Array.from({ length: 24 }, (_, i) => `class ${i}`),
};
const pixels = Uint8Array.from({ length: 24 * 32 * 3 }, (_, i) => (i * 2654435761) >>> 24);

async function scoresOf(of: Model): Promise<Float32Array> {
  await using running = await ImageNetwork.open(of, { threads: 1 });
  return (await running.run(pixels))['classes']!.data as Float32Array;
}

const relativeDifference = (a: Float32Array, b: Float32Array) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) / Math.max(...a.map(Math.abs));

describe('ranks that lose nothing', () => {
  // Full-rank factors cost more than the kernel: a block as large as the kernel would not be chosen.
  test.each(['svd', 'spatial', 'tucker'] as const)('by %s give the same outputs', async (method: Method) => {
    const low = new Decomposer(lowRank(), { block: 1, cost: 'parameters', methods: [method] });
    const { model: small, layers } = low.decompose(0.97);
    expect(layers.length).toBeGreaterThan(0);
    expect(layers.every(({ lost }) => lost < 1e-12)).toBe(true);
    expect(relativeDifference(await scoresOf(lowRank()), await scoresOf(small))).toBeLessThan(1e-5);
  });
});

/** The model with kernels of rank 3 only, for any method. */
function lowRank(): Model {
  const weights = new Map(model.weights);
  for (const name of ['wide', 'strided', 'point', 'dense']) {
    const { shape, data } = weights.get(`${name}.weight`)!;
    const [outputs, inputs] = shape as [number, number];
    const taps = shape.length === 4 ? shape[2]! * shape[3]! : 1;
    const side = Math.sqrt(taps);
    const sum = (t: number, s: number, tap: number) => {
      let total = 0;
      for (let r = 1; r <= 3; r++) {
        const [y, x] = [Math.floor(tap / side), tap % side];
        total += Math.sin(r * t + 1) * Math.cos(2 * r * s + 3) * Math.sin(r * y + 2) * Math.cos(r * x + 1);
      }
      return total / Math.sqrt(inputs * taps);
    };
    const low = Float32Array.from(data, (_, place) => {
      const t = Math.floor(place / (inputs * taps));
      return sum(t, Math.floor(place / taps) % inputs, place % taps);
    });
    expect(low).toHaveLength(outputs * inputs * taps);
    weights.set(`${name}.weight`, { shape, data: low });
  }
  return { ...model, weights };
}

test.each([
  ['parameters', 0.5],
  ['macs', 0.6],
] as const)('%s reaches the share %d', (cost, share) => {
  const { model: small } = new Decomposer(model, { block: 8, cost }).decompose(share);
  const left = costIn(small.network, cost) / costIn(network, cost);
  expect(left).toBeLessThanOrEqual(share);
  expect(left).toBeGreaterThan(share - 0.2);
});

test('ranks are multiples of the block, or full', () => {
  const { layers } = new Decomposer(model, { block: 8, cost: 'parameters' }).decompose(0.4);
  expect(layers.flatMap(({ ranks }) => ranks).every((rank) => rank % 8 === 0)).toBe(true);
});

test('the file is an ordinary model that can be decomposed again', async () => {
  const path = join(temporaryFolder(), 'low.safetensors');
  const { model: small } = new Decomposer(model, {
    ...{ block: 8, cost: 'parameters', methods: ['spatial', 'svd'] },
  }).decompose(0.6);
  await writeModel(path, small);
  const read = await readModel(path);
  expect(read.network).toEqual(small.network);
  expect(await scoresOf(read)).toEqual(await scoresOf(small));
  const again = new Decomposer(read, { block: 8, cost: 'parameters' }).decompose(0.9);
  expect(costIn(again.model.network, 'parameters')).toBeLessThan(costIn(read.network, 'parameters'));
});

test('layers that matter more on images keep more', async () => {
  const left = async (important: string) => {
    const decomposer = new Decomposer(model, { block: 8, cost: 'parameters' });
    await decomposer.weigh(async (_, layer) => (layer === important ? 1 : 0.001));
    const { layers } = decomposer.decompose(0.5);
    return layers.find(({ layer }) => layer === important)?.lost ?? 0;
  };
  const alike = new Decomposer(model, { block: 8, cost: 'parameters' }).decompose(0.5).layers;
  const before = alike.find(({ layer }) => layer === 'strided')?.lost ?? 0;
  expect(before).toBeGreaterThan(0);
  expect(await left('strided')).toBeLessThan(before);
});

test('refuses a share that no ranks reach, in one line', async () => {
  const decomposer = new Decomposer(model, { block: 8, cost: 'parameters' });
  const error = await microYoloError(Promise.resolve().then(() => decomposer.decompose(0.01)));
  expect(error.message).toMatch(
    /parameters 0\.01: small with the smallest factors still has 0\.\d+ of its parameters/,
  );
});

test('a network of thin layers has nothing to split', async () => {
  const error = await microYoloError(
    Promise.resolve().then(() => new Decomposer(model, { block: 64, cost: 'parameters' })),
  );
  expect(error.message).toMatch(
    /no kernel can be split by svd, spatial, tucker into cheaper ones of 64 channels or more/,
  );
});
