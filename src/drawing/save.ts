import { dirname } from 'node:path';
import { checkFolder } from '../foundation/files/folders.ts';
import { checkPicturePath, writePicture } from '../image/encode.ts';
import type { Canvas } from './canvas.ts';

/**
 * Checks in advance that a picture can be written to a path. Creates nothing.
 * @throws MicroYoloError `invalid-argument` for an unknown extension, `not-writable`
 */
export async function checkPicture(path: string): Promise<void> {
  checkPicturePath(path);
  await checkFolder(dirname(path));
}

/**
 * Writes a canvas to an image file, atomically. Missing folders are created. The path's extension chooses the
 * format.
 * @throws MicroYoloError `invalid-argument` for an unknown extension, `not-writable`
 */
export async function saveCanvas(canvas: Canvas, path: string): Promise<void> {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  await writePicture(path, { data, width, height });
}
