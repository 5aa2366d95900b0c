import { relative, sep } from 'node:path';
import type { Size } from '../../../boxes/formats.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { readText } from '../../../foundation/files/text.ts';
import { mapParallel } from '../../../foundation/parallel.ts';
import { readImageSize } from '../../../image/size.ts';
import { type AnnotationRow, annotationTable, type Dataset, type DatasetImage } from '../../dataset.ts';
import { type OnProblem, placed } from '../../problems.ts';
import { pathExists } from '../../written-path.ts';
import type { ClassTable } from './class-table.ts';
import { type ImageFiles, labelPaths } from './image-files.ts';
import { parseYoloLabels } from './labels.ts';
import { SetRemarks } from './set-remarks.ts';
import { strayLabels } from './stray-labels.ts';

const OPEN_FILES = 16;

interface Opened {
  readonly path: string;
  readonly size: Size | MicroYoloError;
  /** Label file and its text; `undefined` for an image without a label file. */
  readonly labels: { readonly path: string; readonly text: string | MicroYoloError } | undefined;
}

async function caught<T>(promise: Promise<T>): Promise<T | MicroYoloError> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof MicroYoloError) return error;
    throw error;
  }
}

async function readLabels(image: string): Promise<Opened['labels']> {
  for (const path of labelPaths(image)) {
    if (!(await pathExists(path))) continue;
    return { path, text: await caught(readText(path, 'YOLO labels')) };
  }
  return undefined;
}

async function openImage(path: string): Promise<Opened> {
  const [size, labels] = await Promise.all([caught(readImageSize(path)), readLabels(path)]);
  return { path, size, labels };
}

export interface YoloFormat {
  readonly classes: ClassTable;
  /** Count of key-point numbers after each box. */
  readonly keyPoints: number;
}

/**
 * Reads the images of a split and their labels, and maps class numbers to category indices.
 * @param place source of the split, for messages
 */
export async function readYoloImages(
  files: ImageFiles,
  { classes, keyPoints }: YoloFormat,
  place: string,
  report: OnProblem,
): Promise<Dataset> {
  const { categories, placeOf, unnamed } = classes;
  const format = { names: new Map(categories.map(({ id, name }) => [id, name])), keyPoints };
  const images: DatasetImage[] = [];
  const rows: AnnotationRow[] = [];
  const remarks = new SetRemarks(place);
  const opened = await mapParallel(files.paths, OPEN_FILES, openImage);
  for (const { path, size, labels } of opened) {
    if (size instanceof MicroYoloError) {
      const kind = size.code === 'not-found' ? 'missing-image-file' : 'bad-image-file';
      report({ kind, ...placed(size) });
      continue;
    }
    const fileName = relative(files.folder, path).replaceAll(sep, '/');
    images.push({ id: images.length + 1, fileName, ...size });
    if (labels === undefined) continue;
    if (labels.text instanceof MicroYoloError) {
      report({ kind: 'bad-annotation-file', ...placed(labels.text) });
      continue;
    }
    for (const label of parseYoloLabels(labels.text, size, labels.path, format, report)) {
      const { index, box, extra } = label;
      remarks.add(label);
      rows.push({
        id: rows.length + 1,
        image: images.length - 1,
        category: placeOf.get(index)!,
        box,
        area: box[2] * box[3],
        crowd: false,
        extra,
      });
    }
  }
  const found = opened.filter(({ size }) => !(size instanceof MicroYoloError && size.code === 'not-found'));
  const labelFiles = found.flatMap(({ labels }) => (labels ? [labels.path] : []));
  const stray = await strayLabels(files, new Set(labelFiles));
  for (const remark of remarks.ofFiles(found.length, labelFiles, stray)) report(remark);
  for (const remark of remarks.ofLines(categories, unnamed)) report(remark);
  return { images, categories, annotations: annotationTable(rows), imageFolder: files.folder, extra: {} };
}
