import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe } from 'vitest';

const path = process.env['MICRO_YOLO_DATA'] ?? resolve(import.meta.dirname, '../../shared/data');

/** Folder of photographs, data sets and trained models that are too large or not free enough to keep here. */
export const dataFolder: string | undefined = existsSync(path) ? path : undefined;

/**
 * A suite that reads the data folder; skipped, and saying so, where there is none.
 * @param fn gets the folder
 */
export function describeWithData(title: string, fn: (folder: string) => void): void {
  const skipped = dataFolder === undefined;
  describe.skipIf(skipped)(skipped ? `${title} (needs MICRO_YOLO_DATA)` : title, () => fn(dataFolder ?? ''));
}
