import type { AugmentationOptions } from './options.ts';

/**
 * For the last epochs: the same without mosaic, mixup and copies, so that training ends on images as they are
 * met in use.
 */
export function cleanAugmentation(options: AugmentationOptions): AugmentationOptions {
  return { ...options, mosaic: 0, mixup: 0, copies: 0 };
}
