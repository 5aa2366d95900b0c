import { stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, resolve, sep } from 'node:path';
import { MicroYoloError } from '../../errors.ts';
import { commonFolder } from '../../files.ts';
import { expandImagePaths } from '../../image/sources.ts';
import { filledLines, readText } from '../text.ts';

/** The images of a split and the folder their names are relative to. */
export interface ImageFiles {
  readonly folder: string;
  readonly paths: readonly string[];
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** The first of the folders that has the path, else the first. */
async function resolveIn(folders: readonly string[], path: string): Promise<string> {
  if (isAbsolute(path)) return path;
  // Roboflow's descriptions say `../train/images` for the folder `train/images` beside them.
  const inside = path.replace(/^(\.\.\/)+/, '');
  const candidates = [path, inside].flatMap((wanted) => folders.map((folder) => join(folder, wanted)));
  for (const candidate of candidates) if (await exists(candidate)) return candidate;
  return candidates[0] ?? path;
}

/** Images that a text file names, one a line: relative to the list, or to one of the folders given. */
async function listedImages(list: string, folders: readonly string[]): Promise<readonly string[]> {
  const lines = filledLines(await readText(list, 'a list of images'));
  const first = lines[0]?.line;
  if (first === undefined) throw new MicroYoloError('invalid-file', `${list}: names no image`);
  const bases = [dirname(list), ...folders];
  // All lines are relative to one folder: asking for each of 100,000 images would take its time.
  const found = await resolveIn(bases, first);
  const base = bases.find((folder) => join(folder, first) === found) ?? dirname(list);
  return [...new Set(lines.map(({ line }) => (isAbsolute(line) ? line : join(base, line))))];
}

/**
 * Images of a split as YOLO's and Darknet's descriptions give them: a folder, a glob or a list file, or
 * several of these.
 * @param folders where relative paths may start
 */
export async function findImages(
  entries: readonly string[],
  folders: readonly string[],
): Promise<ImageFiles> {
  const found: (readonly string[])[] = [];
  let onlyFolder: string | undefined;
  for (const entry of entries) {
    const path = await resolveIn(folders, entry);
    if (extname(path).toLowerCase() === '.txt') found.push(await listedImages(path, folders));
    else {
      found.push(await expandImagePaths([path]));
      const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
      if (isFolder && entries.length === 1) onlyFolder = resolve(path);
    }
  }
  const all = [...new Set(found.flat().map((path) => resolve(path)))];
  return { folder: onlyFolder ?? commonFolder(all), paths: all };
}

/** Where an image's labels may be: in `labels/` for an image in `images/`, or beside it. */
export function labelPaths(image: string): readonly string[] {
  const beside = `${image.slice(0, image.length - extname(image).length)}.txt`;
  return ['images', 'JPEGImages']
    .flatMap((name) => {
      const at = beside.lastIndexOf(`${sep}${name}${sep}`);
      if (at < 0) return [];
      return [`${beside.slice(0, at)}${sep}labels${sep}${beside.slice(at + name.length + 2)}`];
    })
    .concat(beside);
}
