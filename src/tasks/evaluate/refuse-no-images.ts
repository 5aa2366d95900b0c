import { MicroYoloError } from '../../foundation/errors/errors.ts';

/**
 * For measurements: where not one image could be used there is nothing to measure, and figures would all be 0.
 * @throws MicroYoloError as the first image's error
 */
export function refuseNoImages(images: number, skipped: readonly MicroYoloError[]): void {
  const [first] = skipped;
  if (first === undefined || skipped.length < images) return;
  throw new MicroYoloError(
    first.code,
    `none of ${images} images can be used (${first.message}); "micro-yolo dataset check" shows what is wrong`,
  );
}
