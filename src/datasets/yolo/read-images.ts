import { stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { Size } from '../../boxes/formats.ts';
import { MicroYoloError } from '../../errors.ts';
import { readImageSize } from '../../image/size.ts';
import {
  type AnnotationRow,
  annotationTable,
  type Category,
  type Dataset,
  type DatasetImage,
} from '../dataset.ts';
import { mapParallel } from '../parallel.ts';
import { type OnProblem, placed } from '../problems.ts';
import { readText } from '../text.ts';
import { type ImageFiles, labelPaths } from './image-files.ts';
import { parseYoloLabels } from './labels.ts';

const OPEN_FILES = 16;

interface Opened {
  readonly path: string;
  readonly size: Size | MicroYoloError;
  /** The file of labels and what is in it; none for an image with nothing in it. */
  readonly labels: { readonly path: string; readonly text: string } | MicroYoloError | undefined;
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
    // Images without labels are many: nothing to report.
    if ((await stat(path).catch(() => undefined)) === undefined) continue;
    const text = await caught(readText(path, 'YOLO labels'));
    if (typeof text === 'string') return { path, text };
    return text;
  }
  return undefined;
}

async function openImage(path: string): Promise<Opened> {
  const [size, labels] = await Promise.all([caught(readImageSize(path)), readLabels(path)]);
  return { path, size, labels };
}

/** Reads the images of a split and their labels, with class numbers as places among the categories. */
export async function readYoloImages(
  { folder, paths }: ImageFiles,
  categories: readonly Category[],
  /** Place of the category with a class number. */
  placeOf: ReadonlyMap<number, number>,
  report: OnProblem,
  /** Numbers of key points after each box. */
  keyPoints = 0,
): Promise<Dataset> {
  const images: DatasetImage[] = [];
  const rows: AnnotationRow[] = [];
  for (const { path, size, labels } of await mapParallel(paths, OPEN_FILES, openImage)) {
    if (size instanceof MicroYoloError) {
      const kind = size.code === 'not-found' ? 'missing-image-file' : 'bad-image-file';
      report({ kind, ...placed(size.message) });
      continue;
    }
    const fileName = relative(folder, path).replaceAll(sep, '/');
    images.push({ id: images.length + 1, fileName, ...size });
    if (labels instanceof MicroYoloError) report({ kind: 'bad-annotation-file', ...placed(labels.message) });
    else if (labels) {
      const isClass = (index: number) => placeOf.has(index);
      for (const { index, box, extra } of parseYoloLabels(
        labels.text,
        size,
        labels.path,
        isClass,
        report,
        keyPoints,
      )) {
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
  }
  return { images, categories, annotations: annotationTable(rows), imageFolder: folder, extra: {} };
}
