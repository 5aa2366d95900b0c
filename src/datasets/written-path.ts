import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** How a path of a data set may be meant: as it is written, then with `\` as a separator, as Windows has it. */
export function pathReadings(path: string): readonly string[] {
  return path.includes('\\') ? [path, path.replaceAll('\\', '/')] : [path];
}

/** A path as seen from a folder; an absolute one stays. */
export function pathFrom(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

export async function pathExists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** A path as seen from a folder, by the reading that exists; else as it is written. */
export async function findPath(folder: string, path: string): Promise<string> {
  for (const reading of pathReadings(path)) {
    const found = pathFrom(folder, reading);
    if (await pathExists(found)) return found;
  }
  return pathFrom(folder, path);
}
