import { type Watch, watching } from '../../foundation/watch.ts';
import {
  type DetectFilesEvent,
  type DetectFilesOptions,
  detectImages,
  type ImageDetections,
} from './detect-images.ts';

/**
 * Detects objects in image files, and writes what is asked for. An image that cannot be used is reported and skipped.
 * @returns all detections; `detectImages` gives them as they come, and keeps none
 * @throws MicroYoloError if nothing can be done at all: no such model, image or place to write
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
