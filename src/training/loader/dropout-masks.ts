import { elementCount } from '../../foundation/element-count.ts';
import { uniformRandom } from '../../foundation/random.ts';
import type { Network } from '../../network/layers.ts';
import { inferShapes } from '../../network/shapes.ts';
import type { DetectionBatch } from './batch.ts';

/** Masks for the dropout layers, from a seed per image. Elements are 0 or 1 / (1 − rate). */
export function dropoutMasks(network: Network, seeds: readonly number[]): DetectionBatch['tensors'] {
  const shapes = inferShapes(network);
  const layers = network.layers.filter((layer) => layer.type === 'dropout');
  const randoms = seeds.map(uniformRandom);
  return Object.fromEntries(
    layers.map(({ name, rate }) => {
      const own = shapes.get(name)!;
      const count = elementCount(own);
      const data = new Float32Array(seeds.length * count);
      randoms.forEach((random, image) => {
        for (let i = 0; i < count; i++) data[image * count + i] = random() < rate ? 0 : 1 / (1 - rate);
      });
      return [`${name}.mask`, { shape: [seeds.length, ...own], data }] as const;
    }),
  );
}
