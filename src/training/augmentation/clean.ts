import type { AugmentationOptions } from './options.ts';

/**
 * Returns the options for the last epochs: without mosaic, mixup and copies, so that training ends on images like
 * those in use.
 */
export function cleanAugmentation(options: AugmentationOptions): AugmentationOptions {
  return { ...options, mosaic: 0, mixup: 0, copies: 0 };
}

/**
 * Adapts the options to a task. For classification, nothing combines several images, and every visible part of an image
 * keeps its label.
 */
export function taskAugmentation(
  options: AugmentationOptions,
  task: 'detection' | 'classification',
): AugmentationOptions {
  return task === 'detection' ? options : { ...cleanAugmentation(options), minimumVisibility: 0 };
}
