import { expect, test } from 'vitest';
import { evenKernels } from '../../scripts/default-model/norm-statistics.ts';
import { widened } from '../../scripts/default-model/widened.ts';
import { yoloxNano } from '../../scripts/default-model/yolox-nano.ts';
import { loadDetector } from '../../src/api/index.ts';
import { DEFAULT_RECIPE, type Model } from '../../src/models/model.ts';
import { microYolox } from '../../src/network/detectors/micro-yolox.ts';
import { randomWeights } from '../network/random-weights.ts';

const SIZE = 64;
const PHOTO = new URL('../../docs/images/meadow.jpg', import.meta.url).pathname;

const { network } = yoloxNano(SIZE);
/** A separate copy, because weights are changed in place. */
const teacher = (): Model => ({
  network,
  weights: randomWeights(network, 3),
  classes: Array.from({ length: 80 }, (_, i) => `class ${i}`),
  recipe: DEFAULT_RECIPE,
  provenance: {},
});
const FEATURES = ['head.deep.logits', 'head.middle.logits', 'head.shallow.logits'];

async function mapsOf(model: Model) {
  await using detector = await loadDetector(model, { features: FEATURES, threads: 1 });
  return (await detector.inspect(PHOTO, {})).features!;
}

/** The difference between maps, relative to the reference maps. */
function distances(maps: Awaited<ReturnType<typeof mapsOf>>, others: typeof maps) {
  return FEATURES.map((name) => {
    const { data } = others[name]!;
    return Math.hypot(...data.map((value, i) => value - maps[name]!.data[i]!)) / Math.hypot(...data);
  });
}

test('micro-yolox initially computes what its teacher does', async () => {
  const model = await widened(teacher(), microYolox({ size: SIZE }), [PHOTO]);
  const [deep, middle, shallow] = distances(await mapsOf(model), await mapsOf(teacher()));
  expect(Math.max(deep!, middle!, shallow!)).toBeLessThan(1e-4);
});

test('lengthens kernels equally, and the network computes the same', async () => {
  const even = teacher();
  const norms = new Map(
    network.layers.flatMap((layer) =>
      layer.type === 'batchNorm' ? [[layer.inputs[0]!, layer] as const] : [],
    ),
  );
  evenKernels(even.weights, norms);
  const kernel = even.weights.get('backbone.0.0.conv.weight')!;
  expect(Math.hypot(...kernel.data.subarray(0, 108))).toBeCloseTo(Math.SQRT2, 4);
  const [deep, middle, shallow] = distances(await mapsOf(even), await mapsOf(teacher()));
  expect(Math.max(deep!, middle!, shallow!)).toBeLessThan(1e-4);
});
