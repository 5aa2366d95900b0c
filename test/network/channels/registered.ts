import { describe, expect, test } from 'vitest';
import { elementCount } from '../../../src/foundation/element-count.ts';
import { normalRandom, uniformRandom } from '../../../src/foundation/random.ts';
import type { Tensor, Tensors } from '../../../src/graph/operations.ts';
import { runReference } from '../../../src/graph/reference/run.ts';
import { forward } from '../../../src/models/forward/forward.ts';
import { IMAGE_INPUT } from '../../../src/models/forward/photograph.ts';
import type { Network } from '../../../src/network/layers.ts';
import { buildNetwork } from '../../../src/network/registry.ts';
import { randomWeights } from '../random-weights.ts';
import { thinned, withoutReaders } from './removal.ts';

function outputs(network: Network, weights: Tensors, image: Tensor) {
  return runReference(
    forward(network, 'inference', { batch: 1 }),
    new Map([...weights, [IMAGE_INPUT, image]]),
  );
}

/** What holds for each named network, at a small size. */
export function describeThinning(names: readonly string[]): void {
  describe.each(names)('%s', (name) => {
    test('gives the same without channels that nothing reads', () => {
      const network = buildNetwork(name, { size: 32, classes: 3 });
      const weights = randomWeights(network, 5);
      const normal = normalRandom(uniformRandom(6));
      const shape = [1, ...network.input];
      const image = { shape, data: new Float32Array(elementCount(shape)).map(normal) };
      const thin = thinned(network);
      const before = outputs(network, withoutReaders(network, thin, weights), image);
      const after = outputs(thin.network, thin.thin(weights), image);
      for (const [output, { data }] of before) {
        const scale = data.reduce((largest: number, value) => Math.max(largest, Math.abs(value)), 1);
        const error = data.reduce(
          (most: number, value, i) => Math.max(most, Math.abs(value - after.get(output)!.data[i]!)),
          0,
        );
        expect(error / scale, output).toBeLessThan(1e-5);
      }
      expect(thin.network.layers).not.toEqual(network.layers);
    });
  });
}
