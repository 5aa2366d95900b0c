import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of images, labels and models for tests and benchmarks, which are not part of the project. */
const DATA_FOLDER =
  process.env['MICRO_YOLO_DATA'] ?? fileURLToPath(new URL('../../shared/data', import.meta.url));

/** Path of a file in the data folder; whether it is there is the caller's to ask. */
export function dataPath(file: string): string {
  return join(DATA_FOLDER, file);
}
