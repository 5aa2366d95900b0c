import { writePicture } from '../image/encode.ts';
import type { Canvas } from './canvas.ts';

/**
 * Writes a canvas as a picture, atomically; the path's ending chooses the format.
 * @throws MicroYoloError `invalid-argument` for an unknown ending, `not-writable`
 */
export async function saveCanvas(canvas: Canvas, path: string): Promise<void> {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  await writePicture(path, { data, width, height });
}
