import { relative, sep } from 'node:path';
import { MicroYoloError, withoutName } from '../../../foundation/errors/errors.ts';
import { mapParallel } from '../../../foundation/parallel.ts';
import type { RgbImage } from '../../../image/decode.ts';
import { readImageSize } from '../../../image/size.ts';
import type { RawImage } from '../../../image/sources.ts';
import { annotationTable, type Dataset, type DatasetImage } from '../../dataset.ts';
import { type OnProblem, problemHandler } from '../../problems.ts';

const OPEN_FILES = 16;

/** Images that each belong to one class. */
export interface ClassificationDataset {
  /** Names of the classes, in the order of their indices. */
  readonly classes: readonly string[];
  /** Class index of each image. */
  readonly labels: Int32Array;
  /** Returns the origin of an image, for messages. */
  nameOf(index: number): string;
  /** Returns the path of an image's file, or its pixels if it has no file. */
  sourceOf(index: number): string | RgbImage;
  /** Decodes an image to upright RGB. */
  load(index: number): Promise<RawImage>;
}

/**
 * Converts the images to a `Dataset` for classification. Each image has one annotation: its class, with the whole
 * image as its box.
 * @param folder folder that image names are relative to
 * @param onProblem called for each unreadable image, which is then skipped; if omitted, the first one throws
 */
export async function labeledImages(
  set: ClassificationDataset,
  folder: string,
  onProblem?: OnProblem,
): Promise<Dataset> {
  const report = problemHandler(onProblem);
  const found = await mapParallel([...set.labels.keys()], OPEN_FILES, async (index) => {
    const source = set.sourceOf(index);
    if (typeof source !== 'string') {
      const { width, height } = source;
      return { index, width, height, pixels: () => set.sourceOf(index) as RgbImage };
    }
    try {
      return { index, ...(await readImageSize(source)) };
    } catch (error) {
      if (!(error instanceof MicroYoloError)) throw error;
      const kind = error.code === 'not-found' ? 'missing-image-file' : 'bad-image-file';
      report({ kind, place: source, message: withoutName(error.message, source) });
      return undefined;
    }
  });
  const usable = found.filter((image) => image !== undefined);
  const fileName = (index: number) => relative(folder, set.nameOf(index)).replaceAll(sep, '/');
  const images = usable.map(({ index, ...image }, place): DatasetImage => {
    return { id: place + 1, fileName: fileName(index), ...image };
  });
  const rows = usable.map(({ index, width, height }, place) => ({
    id: place + 1,
    image: place,
    category: set.labels[index]!,
    box: [0, 0, width, height] as const,
    area: width * height,
    crowd: false,
  }));
  return {
    task: 'classification',
    images,
    categories: set.classes.map((name, place) => ({ id: place + 1, name })),
    annotations: annotationTable(rows),
    imageFolder: folder,
    extra: {},
  };
}
