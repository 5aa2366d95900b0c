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
  /** Folders that are searched whole; none if the images are listed. */
  readonly searched: readonly string[];
}

/**
 * How relative paths of others are meant: as they stand, without the `../` of Roboflow's descriptions, or without the
 * `data/` of CVAT's, whose archives have no such folder.
 */
const READINGS: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => path.replace(/^(\.\.\/)+/, ''),
  (path) => path.replace(/^(\.\/)?data\//, ''),
];

const asWritten = (path: string) => path;
const withSlashes = (path: string) => pathReadings(path).at(-1)!;

/** Where such paths are to be found: the first folder that has one of these by any reading, else the first. */
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
  // Globs are nowhere; in those a `\` parts folders as well.
  return places.at(paths.some((path) => /[*?{[]/.test(path)) ? places.length / 2 : 0) ?? asWritten;
}

/** The path in the first of the folders that has it, else in the first. */
export async function resolveIn(folders: readonly string[], path: string): Promise<string> {
  return (await findPlace(folders, [path]))(path);
}

/** Lines of a list that its folder is found by. */
const LINES_TRIED = 20;

/** Images that a text file names, one a line: relative to the list, or to one of the folders given. */
async function listedImages(list: string, folders: readonly string[]): Promise<readonly string[]> {
  const lines = filledLines(await readText(list, 'a list of images')).map(({ line }) => line);
  if (lines.length === 0) throw new MicroYoloError('invalid-file', `${list}: lists no images`);
  // All lines are relative to one folder: asking for each of 100,000 images would take its time. Some may be missing.
  const placeOf = (some: readonly string[]) =>
    findPlace([dirname(list), ...folders], some.slice(0, LINES_TRIED));
  const relative = lines.filter((line) => !isAbsolute(line));
  const isWindows = (line: string) => line.includes('\\');
  const place = await placeOf(relative.filter((line) => !isWindows(line)));
  const windowsPlace = await placeOf(relative.filter(isWindows));
  return [...new Set(lines.map((line) => (isWindows(line) ? windowsPlace(line) : place(line))))];
}

/**
 * Images of a split, as YOLO's and Darknet's descriptions list them: a folder, a glob or a list file, or several.
 * @param folders where relative paths may start
 * @param report hears of photos that cannot be read by their ending
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

/** Folders of images, each with that of their labels. */
const LABEL_FOLDERS = [
  ['images', 'labels'],
  ['images', 'Labels'],
  ['Images', 'Labels'],
  ['Images', 'labels'],
  ['JPEGImages', 'labels'],
] as const;

/** Where an image's labels may be: in `labels/` for an image in `images/`, or beside it. */
export function labelPaths(image: string): readonly string[] {
  const beside = `${image.slice(0, image.length - extname(image).length)}.txt`;
  return LABEL_FOLDERS.flatMap(([images, labels]) => {
    const at = beside.lastIndexOf(`${sep}${images}${sep}`);
    if (at < 0) return [];
    return [`${beside.slice(0, at)}${sep}${labels}${sep}${beside.slice(at + images.length + 2)}`];
  }).concat(beside);
}
