import { stat } from 'node:fs/promises';

/** Whether a path is a pipe, a terminal or another device. These are written to directly, never replaced. */
export async function isStream(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}
