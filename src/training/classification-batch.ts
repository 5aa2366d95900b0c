import type { Size } from '../boxes/formats.ts';
import { IMAGE_INPUT } from '../model/forward.ts';
import type { Network } from '../network/layers.ts';
import { inferShapes } from '../network/shapes.ts';
import { uniformRandom } from '../random.ts';
import type { DetectionBatch, TrainingImage } from './batch.ts';
import { LABELS_INPUT } from './losses/inputs.ts';

/** What each dropout layer keeps of a batch: 0, or 1 over the share that it keeps, drawn from a seed an image. */
export function dropoutMasks(network: Network, seeds: readonly number[]): DetectionBatch['tensors'] {
  const shapes = inferShapes(network);
  const layers = network.layers.filter((layer) => layer.type === 'dropout');
  const randoms = seeds.map(uniformRandom);
  return Object.fromEntries(
    layers.map(({ name, rate }) => {
      const own = shapes.get(name)!;
      const count = own.reduce((product, side) => product * side);
      const data = new Float32Array(seeds.length * count);
      randoms.forEach((random, image) => {
        for (let i = 0; i < count; i++) data[image * count + i] = random() < rate ? 0 : 1 / (1 - rate);
      });
      return [`${name}.mask`, { shape: [seeds.length, ...own], data }] as const;
    }),
  );
}

/**
 * Puts images and their labels into tensors for a classifier's step. An image's label is the class of its only
 * object; one whose object is out of sight has none.
 * @param seeds of each image's dropout
 */
export function classificationBatch(
  images: readonly TrainingImage[],
  { width, height }: Size,
  network: Network,
  classes: number,
  seeds: readonly number[],
): DetectionBatch {
  const batch = images.length;
  const pixels = new Uint8Array(batch * height * width * 3);
  const labels = new Float32Array(batch * classes);
  images.forEach(({ pixels: own, truths: [truth] }, index) => {
    pixels.set(own, index * height * width * 3);
    if (truth) labels[index * classes + truth.classId] = 1;
  });
  return {
    tensors: {
      [IMAGE_INPUT]: { shape: [batch, height, width, 3], data: pixels },
      [LABELS_INPUT]: { shape: [batch, classes], data: labels },
      ...dropoutMasks(network, seeds),
    },
    overflow: 0,
    truthCount: 0,
    assigned: 0,
  };
}
