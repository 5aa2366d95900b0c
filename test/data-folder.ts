import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, test } from 'vitest';

const path = process.env['MICRO_YOLO_DATA'] ?? resolve(import.meta.dirname, '../../shared/data');

/** Folder of photos, data sets and trained models that are too large, or not free enough, for the repository. */
export const dataFolder: string | undefined = existsSync(path) ? path : undefined;

/**
 * A suite that reads the data folder. Without the folder it is skipped, and its title says so.
 * @param fn gets the folder
 */
export function describeWithData(title: string, fn: (folder: string) => void): void {
  // Does not even look at the folder if it is missing: suites list its contents.
  if (dataFolder === undefined) test.skip(`${title} (needs MICRO_YOLO_DATA)`, () => {});
  else describe(title, () => fn(dataFolder!));
}
