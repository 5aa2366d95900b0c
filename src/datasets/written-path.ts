import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** Interpretations of a path in a data set: unchanged, then with `\` as a separator, as on Windows. */
export function pathReadings(path: string): readonly string[] {
  return path.includes('\\') ? [path, path.replaceAll('\\', '/')] : [path];
}

/** Resolves a path relative to a folder. Absolute paths do not change. */
export function pathFrom(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

export async function pathExists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** Resolves a path relative to a folder, in the interpretation that exists, or else unchanged. */
export async function findPath(folder: string, path: string): Promise<string> {
  for (const reading of pathReadings(path)) {
    const found = pathFrom(folder, reading);
    if (await pathExists(found)) return found;
  }
  return pathFrom(folder, path);
}
