import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, test } from 'vitest';

const path = process.env['MICRO_YOLO_DATA'] ?? resolve(import.meta.dirname, '../../shared/data');

/** Folder of photographs, data sets and trained models that are too large or not free enough to keep here. */
export const dataFolder: string | undefined = existsSync(path) ? path : undefined;

/**
 * A suite that reads the data folder; skipped, and saying so, where there is none.
 * @param fn gets the folder
 */
export function describeWithData(title: string, fn: (folder: string) => void): void {
  // Not even looked at without the folder: suites list what is in it.
  if (dataFolder === undefined) test.skip(`${title} (needs MICRO_YOLO_DATA)`, () => {});
  else describe(title, () => fn(dataFolder!));
}
