import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { LabeledImage } from './labeled-image.ts';

/**
 * Blends two images of the same size. The result has the objects of both.
 * @param share weight of the first image, 0–1
 * @throws MicroYoloError `invalid-argument` if the sizes differ
 */
export function mixup(first: LabeledImage, second: LabeledImage, share: number): LabeledImage {
  const { data: a, width, height } = first.image;
  const { data: b } = second.image;
  if (width !== second.image.width || height !== second.image.height) {
    throw new MicroYoloError(
      'invalid-argument',
      `mixup of ${width}×${height} and ${second.image.width}×${second.image.height}: expected images of one size; letterbox them first`,
    );
  }
  const data = new Uint8Array(a.length);
  const weight = Math.round(256 * share);
  for (let i = 0; i < data.length; i++) {
    data[i] = (a[i]! * weight + b[i]! * (256 - weight) + 128) >> 8;
  }
  return { image: { data, width, height }, objects: [...first.objects, ...second.objects] };
}
