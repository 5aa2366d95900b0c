import { dirname, extname, isAbsolute, resolve, sep } from 'node:path';
import { MicroYoloError, withoutName } from '../../../foundation/errors/errors.ts';
import { commonFolder, isFolder } from '../../../foundation/files/folders.ts';
import { filledLines, readText } from '../../../foundation/files/text.ts';
import { expandImagePaths } from '../../../image/expand-paths.ts';
import type { OnProblem } from '../../problems.ts';
import { pathExists, pathFrom, pathReadings } from '../../written-path.ts';

/** The images of a split and the folder their names are relative to. */
export interface ImageFiles {
  readonly folder: string;
  readonly paths: readonly string[];
  /** Folders that are searched recursively. Empty if images are listed. */
  readonly searched: readonly string[];
}

/**
 * Interpretations of a relative path: unchanged, without Roboflow's leading `../`, or without CVAT's leading `data/`,
 * which does not exist in its archives.
 */
const READINGS: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => path.replace(/^(\.\.\/)+/, ''),
  (path) => path.replace(/^(\.\/)?data\//, ''),
];

const asWritten = (path: string) => path;
const withSlashes = (path: string) => pathReadings(path).at(-1)!;

/** Returns a function that resolves paths, from the first folder and interpretation for which one of `paths` exists. */
async function findPlace(
  folders: readonly string[],
  paths: readonly string[],
): Promise<(path: string) => string> {
  const places = [asWritten, withSlashes].flatMap((separated) =>
    folders.flatMap((folder) =>
      READINGS.map((reading) => (wanted: string) => pathFrom(folder, reading(separated(wanted)))),
    ),
  );
  for (const place of places) for (const path of paths) if (await pathExists(place(path))) return place;
  // Globs are not found as files. In them, `\` separates folders too.
  return places.at(paths.some((path) => /[*?{[]/.test(path)) ? places.length / 2 : 0) ?? asWritten;
}

/** Resolves a path in the first folder that contains it, or else in the first folder. */
export async function resolveIn(folders: readonly string[], path: string): Promise<string> {
  return (await findPlace(folders, [path]))(path);
}

/** Number of lines of a list that are used to find its base folder. */
const LINES_TRIED = 20;

/** Reads a text file with one image path per line, relative to the file or to one of the folders. */
async function listedImages(list: string, folders: readonly string[]): Promise<readonly string[]> {
  const lines = filledLines(await readText(list, 'a list of images')).map(({ line }) => line);
  if (lines.length === 0) throw new MicroYoloError('invalid-file', `${list}: lists no images`);
  // All lines share a base folder: checking each of 100,000 images would be slow. Some images may be missing.
  const placeOf = (some: readonly string[]) =>
    findPlace([dirname(list), ...folders], some.slice(0, LINES_TRIED));
  const relative = lines.filter((line) => !isAbsolute(line));
  const isWindows = (line: string) => line.includes('\\');
  const place = await placeOf(relative.filter((line) => !isWindows(line)));
  const windowsPlace = await placeOf(relative.filter(isWindows));
  return [...new Set(lines.map((line) => (isWindows(line) ? windowsPlace(line) : place(line))))];
}

/**
 * Finds the images of a split in YOLO and Darknet format: one or more folders, globs or list files.
 * @param folders base folders for relative paths
 * @param report called for each photo in a format that cannot be read
 */
export async function findImages(
  entries: readonly string[],
  folders: readonly string[],
  report: OnProblem,
): Promise<ImageFiles> {
  const found: (readonly string[])[] = [];
  const searched: string[] = [];
  for (const entry of entries) {
    const path = await resolveIn(folders, entry);
    if (extname(path).toLowerCase() === '.txt') found.push(await listedImages(path, folders));
    else {
      const unread: string[] = [];
      found.push(await expandImagePaths([path], [], (message) => unread.push(message)));
      for (const message of unread) {
        report({ kind: 'bad-image-file', place: path, message: withoutName(message, path) });
      }
      if (await isFolder(path)) searched.push(resolve(path));
    }
  }
  const all = [...new Set(found.flat().map((path) => resolve(path)))];
  const [only] = searched;
  const folder = only !== undefined && entries.length === 1 ? only : commonFolder(all);
  return { folder, paths: all, searched: searched.length === entries.length ? searched : [] };
}

/** Pairs of image folder and label folder. */
const LABEL_FOLDERS = [
  ['images', 'labels'],
  ['images', 'Labels'],
  ['Images', 'Labels'],
  ['Images', 'labels'],
  ['JPEGImages', 'labels'],
] as const;

/** Possible paths of an image's labels: in `labels/` for an image in `images/`, or next to the image. */
export function labelPaths(image: string): readonly string[] {
  const beside = `${image.slice(0, image.length - extname(image).length)}.txt`;
  return LABEL_FOLDERS.flatMap(([images, labels]) => {
    const at = beside.lastIndexOf(`${sep}${images}${sep}`);
    if (at < 0) return [];
    return [`${beside.slice(0, at)}${sep}${labels}${sep}${beside.slice(at + images.length + 2)}`];
  }).concat(beside);
}
