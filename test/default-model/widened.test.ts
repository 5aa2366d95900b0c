import { expect, test } from 'vitest';
import { widened } from '../../scripts/default-model/widened.ts';
import { yoloxNano } from '../../scripts/default-model/yolox-nano.ts';
import { loadDetector } from '../../src/api/index.ts';
import { DEFAULT_RECIPE, type Model } from '../../src/models/model.ts';
import { microYolox } from '../../src/network/detectors/micro-yolox.ts';
import { randomWeights } from '../network/random-weights.ts';

const SIZE = 64;
const PHOTO = new URL('../../docs/images/meadow.jpg', import.meta.url).pathname;

test('micro-yolox begins by computing what its teacher does', async () => {
  const { network } = yoloxNano(SIZE);
  const teacher: Model = {
    network,
    weights: randomWeights(network, 3),
    classes: Array.from({ length: 80 }, (_, i) => `class ${i}`),
    recipe: DEFAULT_RECIPE,
    provenance: {},
  };
  const model = await widened(teacher, microYolox({ size: SIZE }), [PHOTO]);
  const features = ['head.deep.logits', 'head.middle.logits', 'head.shallow.logits'];
  const maps = async (each: Model) => {
    await using detector = await loadDetector(each, { features, threads: 1 });
    return (await detector.inspect(PHOTO, {})).features!;
  };
  const [expected, got] = [await maps(teacher), await maps(model)];
  for (const name of features) {
    const { data } = expected[name]!;
    const scale = Math.hypot(...data);
    const off = Math.hypot(...data.map((value, i) => value - got[name]!.data[i]!));
    expect(scale).toBeGreaterThan(0);
    expect(off / scale).toBeLessThan(1e-4);
  }
});
