import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of images, labels and models for tests and benchmarks; not part of the repository. */
const DATA_FOLDER =
  process.env['MICRO_YOLO_DATA'] ?? fileURLToPath(new URL('../../shared/data', import.meta.url));

/** Path of a file in the data folder. Callers check whether it exists. */
export function dataPath(file: string): string {
  return join(DATA_FOLDER, file);
}
