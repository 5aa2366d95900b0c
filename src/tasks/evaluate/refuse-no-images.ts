import { MicroYoloError } from '../../foundation/errors/errors.ts';

/**
 * Refuses an evaluation without any usable image, whose metrics would all be 0.
 * @throws MicroYoloError with the code of the first image's error
 */
export function refuseNoImages(images: number, skipped: readonly MicroYoloError[]): void {
  const [first] = skipped;
  if (first === undefined || skipped.length < images) return;
  throw new MicroYoloError(
    first.code,
    `none of ${images} images can be used (${first.message}); "micro-yolo dataset check" shows what is wrong`,
  );
}
