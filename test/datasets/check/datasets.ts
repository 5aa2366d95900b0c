import type { ImageFacts } from '../../../src/datasets/check/images.ts';
import { type AnnotationRow, annotationTable, type Dataset } from '../../../src/datasets/dataset.ts';

/** An annotation; by default of the first image and category. */
export function annotation(
  id: number,
  box: AnnotationRow['box'],
  more: Partial<AnnotationRow> = {},
): AnnotationRow {
  return { id, image: 0, category: 0, box, area: box[2] * box[3], crowd: false, ...more };
}

/** Images of 100×80 called `a.jpg`, `b.jpg` …, with dogs and cats. */
export function smallDataset(images: number, rows: readonly AnnotationRow[]): Dataset {
  return {
    images: Array.from({ length: images }, (_, index) => ({
      id: index + 1,
      fileName: `${String.fromCharCode(97 + index)}.jpg`,
      width: 100,
      height: 80,
    })),
    categories: [
      { id: 5, name: 'dog' },
      { id: 9, name: 'cat' },
    ],
    annotations: annotationTable(rows),
    imageFolder: 'images',
    extra: {},
  };
}

/** The findings about one image in a small data set that is otherwise sound. */
export function decoded(hash: string, width = 100, height = 80): ImageFacts {
  return { status: 'decoded', width, height, hash };
}

export const missing: ImageFacts = { status: 'missing', message: 'no such file' };
export const damaged: ImageFacts = { status: 'damaged', message: 'cannot be decoded' };
