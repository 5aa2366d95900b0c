import { join } from 'node:path';
import type { Dataset } from '../../datasets/dataset.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { prepareImage } from '../../image/prepare.ts';
import type { Model } from '../../models/model.ts';
import { ImageNetwork } from '../../models/running/image-network.ts';

/** Number of images to measure damage on. */
const IMAGES = 16;

/** Prepares evenly spaced images of a data set for a network. Unreadable images are skipped. */
async function someImages(
  { network, recipe }: Model,
  { images, imageFolder }: Dataset,
): Promise<Uint8Array[]> {
  const [, height, width] = network.input;
  const count = Math.min(IMAGES, images.length);
  const prepared: Uint8Array[] = [];
  let problem: unknown;
  for (let i = 0; i < count; i++) {
    const { fileName, pixels } = images[Math.floor((i * images.length) / count)]!;
    try {
      const source = pixels?.() ?? join(imageFolder, fileName);
      prepared.push((await prepareImage(source, recipe, { width, height })).pixels);
    } catch (error) {
      problem = error;
    }
  }
  if (prepared.length === 0) {
    throw problem ?? new MicroYoloError('invalid-argument', 'data: has no images, expected one or more');
  }
  return prepared;
}

async function outputsOf(model: Model, images: readonly Uint8Array[], threads: number | undefined) {
  await using network = await ImageNetwork.open(model, { threads });
  const outputs: Float32Array[][] = [];
  for (const pixels of images) {
    const maps = await network.run(pixels);
    outputs.push(Object.values(maps).map(({ data }) => Float32Array.from(data as Float32Array)));
  }
  return outputs;
}

const energy = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);

/**
 * Returns a function that measures the damage to another model's outputs: their squared error, divided by the original
 * outputs' sum of squares. It is the mean over outputs and images.
 */
export async function damageMeter(
  model: Model,
  dataset: Dataset,
  threads: number | undefined,
): Promise<(other: Model) => Promise<number>> {
  const images = await someImages(model, dataset);
  const whole = await outputsOf(model, images, threads);
  return async (other) => {
    const found = await outputsOf(other, images, threads);
    const shares = whole.flatMap((maps, image) =>
      maps.map((map, place) => {
        const difference = found[image]![place]!.map((value, i) => value - map[i]!);
        return energy(difference) / Math.max(energy(map), Number.MIN_VALUE);
      }),
    );
    return shares.reduce((sum, share) => sum + share, 0) / shares.length;
  };
}
