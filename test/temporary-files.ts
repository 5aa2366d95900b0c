import { mkdtempSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll } from 'vitest';

/** A folder for the tests in a file, removed after them. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'micro-yolo-'));
  afterAll(() => rm(folder, { recursive: true }));
  return folder;
}

/** Writes a file, with the folders above it. */
export async function writeDeep(path: string, contents: string | Uint8Array): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
  return path;
}

/** Writes a JPEG of one color. */
export async function writePhoto(
  path: string,
  { width = 80, height = 60, orientation }: { width?: number; height?: number; orientation?: number } = {},
): Promise<string> {
  const photo = sharp({ create: { width, height, channels: 3, background: '#4080c0' } });
  const turned = orientation === undefined ? photo : photo.withMetadata({ orientation });
  return writeDeep(path, await turned.jpeg().toBuffer());
}
