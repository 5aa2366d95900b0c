import { join } from 'node:path';
import { MicroYoloError, withoutName } from '../../../foundation/errors/errors.ts';
import { readText } from '../../../foundation/files/text.ts';
import { mapParallel } from '../../../foundation/parallel.ts';
import { readImageSize } from '../../../image/size.ts';
import { annotationTable, type Dataset } from '../../dataset.ts';
import { withoutEnding } from '../../image-name.ts';
import { insideFolder } from '../../image-path.ts';
import { type OnProblem, problemHandler, shown } from '../../problems.ts';
import type { ImageSizes } from '../../source.ts';
import type { VocBoxes } from './boxes.ts';
import { annotationNames, imageNames, splitNames, vocFolders } from './folders.ts';
import { parseVocXml, type VocFile } from './parse.ts';
import { reportBackground, reportUnannotated } from './remarks.ts';
import { VocRows } from './rows.ts';

export interface ReadVocOptions {
  /** Name of a list in `ImageSets/Main`. @default all annotation files */
  readonly split?: string | undefined;
  /** Classes in the order of their ids, which start at 1. @default those of all files, sorted by name */
  readonly classes?: readonly string[] | undefined;
  /** @default 'one-based' */
  readonly boxes?: VocBoxes | undefined;
  /** @default 'needed' */
  readonly imageSizes?: ImageSizes | undefined;
  /** Called for each invalid file or object, which is then skipped. If omitted, the first one throws. */
  readonly onProblem?: OnProblem | undefined;
}

const OPEN_FILES = 16;

/** Stands in for the annotation file of an image without one. */
const BACKGROUND: VocFile = {
  fileName: undefined,
  width: Number.NaN,
  height: Number.NaN,
  objects: [],
  extra: {},
};

interface Opened {
  readonly name: string;
  /** Path of the annotation file, for messages. */
  readonly path: string;
  /** Contents of the file, or its problem as text. */
  readonly file: VocFile | string;
}

async function openFile(folder: string, name: string): Promise<Opened> {
  const path = join(folder, `${name}.xml`);
  if (insideFolder(name) === undefined) return { name, path, file: 'is outside its folder' };
  try {
    return { name, path, file: parseVocXml(await readText(path, 'a Pascal VOC file of annotations')) };
  } catch (error) {
    if (!(error instanceof MicroYoloError)) throw error;
    return { name, path, file: withoutName(error.message, path) };
  }
}

function classNames(files: readonly Opened[]): readonly string[] {
  const names = new Set<string>();
  for (const { file } of files) {
    if (typeof file === 'string') continue;
    for (const { name } of file.objects) if (typeof name === 'string' && name !== '') names.add(name);
  }
  return [...names].sort();
}

/** Sorted class names in all annotation files of some folders. */
export async function vocClasses(folders: readonly string[]): Promise<readonly string[]> {
  const files: Opened[] = [];
  for (const folder of folders) {
    const { annotations } = await vocFolders(folder);
    const names = await annotationNames(annotations);
    for (const file of await mapParallel(names, OPEN_FILES, (name) => openFile(annotations, name))) {
      files.push(file);
    }
  }
  return classNames(files);
}

async function withSize(opened: Opened, image: string, sizes: ImageSizes): Promise<Opened> {
  const { file } = opened;
  if (typeof file === 'string' || (file.width > 0 && file.height > 0)) return opened;
  if (sizes === 'stated') return { ...opened, file: { ...file, width: 0, height: 0 } };
  try {
    return { ...opened, file: { ...file, ...(await readImageSize(image)) } };
  } catch (error) {
    if (!(error instanceof MicroYoloError)) throw error;
    return { ...opened, file: `has no size, and the image's size cannot be read (${error.message})` };
  }
}

/**
 * Reads detection data in Pascal VOC format: an XML file for each image. Additional fields, such as `difficult` and
 * `truncated`, are kept.
 * @throws MicroYoloError `not-found`, or `invalid-file` with the file at fault
 */
export async function readVoc(folder: string, options: ReadVocOptions = {}): Promise<Dataset> {
  const { split, classes, boxes = 'one-based', imageSizes = 'needed' } = options;
  const report = problemHandler(options.onProblem);
  const folders = await vocFolders(folder);
  const wanted = split === undefined ? undefined : await splitNames(folders.sets, split);
  // Without a list of classes, read all files, so that a class has the same id in every split.
  const known = new Set(await annotationNames(folders.annotations));
  const names = classes && wanted ? wanted : [...known];
  const files = await mapParallel(names, OPEN_FILES, (name) => openFile(folders.annotations, name));
  const categories = (classes ?? classNames(files)).map((name, index) => ({ id: index + 1, name }));

  const byName = new Map(files.map((file) => [file.name, file]));
  const images = await imageNames(folders.images);
  // An image that a list names, but that has no annotation file, is a background image.
  const isBackground = (name: string) => images.byName.has(name) && !known.has(name);
  const listed = (name: string): Opened => {
    const path = join(folders.annotations, `${name}.xml`);
    if (isBackground(name)) return { name, path, file: BACKGROUND };
    return (
      byName.get(name) ?? { name, path, file: 'no such file, expected a Pascal VOC file of annotations' }
    );
  };
  const inSplit = (wanted ?? names).map(listed);
  const fileNameOf = ({ name, file }: Opened): string | undefined => {
    const stated =
      typeof file !== 'string' && typeof file.fileName === 'string' ? file.fileName : `${name}.jpg`;
    const safe = insideFolder(stated);
    // Images are often renamed without updating <filename>, so the image with the name of the XML file wins.
    const isItsOwn = safe !== undefined && images.paths.has(safe) && withoutEnding(safe) === name;
    return isItsOwn ? safe : (images.byName.get(name) ?? safe);
  };
  const sized = await mapParallel(inSplit, OPEN_FILES, (opened) =>
    withSize(opened, join(folders.images, fileNameOf(opened) ?? ''), imageSizes),
  );

  const rows = new VocRows(categories, boxes, report);
  for (const opened of sized) {
    const { path, file } = opened;
    const fileName = fileNameOf(opened);
    if (typeof file === 'string') report({ kind: 'bad-annotation-file', place: path, message: file });
    else if (fileName === undefined) {
      const message = `filename ${shown(file.fileName)} is outside the image folder`;
      report({ kind: 'unsafe-path', place: path, message });
    } else rows.addImage(file, fileName, path);
  }
  if (wanted === undefined) {
    const read = new Set(inSplit.map(fileNameOf));
    reportUnannotated(images.photos.filter((photo) => !read.has(photo)).length, folder, report);
  } else reportBackground(wanted.filter(isBackground).length, folder, report);
  return {
    images: rows.images,
    categories,
    annotations: annotationTable(rows.annotations),
    imageFolder: folders.images,
    extra: {},
  };
}
