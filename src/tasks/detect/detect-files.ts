import { type Watch, watching } from '../../foundation/watch.ts';
import {
  type DetectFilesEvent,
  type DetectFilesOptions,
  detectImages,
  type ImageDetections,
} from './detect-images.ts';

/**
 * Detects objects in image files, and writes the requested outputs. Unusable images are reported and skipped.
 * @returns all detections. For many images, use `detectImages`, which yields results one by one and keeps none
 * @throws MicroYoloError if the model cannot be loaded, there are no images, or an output cannot be written
 */
export async function detectFiles(
  options: DetectFilesOptions,
  watch: Watch<DetectFilesEvent> = {},
): Promise<readonly ImageDetections[]> {
  const onEvent = watching(watch);
  const results: ImageDetections[] = [];
  for await (const event of detectImages(options, { signal: watch.signal })) {
    onEvent(event);
    if (event.type !== 'detected') continue;
    const { type: _, ...found } = event;
    results.push(found);
  }
  return results;
}
