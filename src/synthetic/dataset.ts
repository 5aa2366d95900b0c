import { xyxyToXywh } from '../boxes/formats.ts';
import { type AnnotationRow, annotationTable, type Dataset } from '../datasets/dataset.ts';
import type { Scene } from './scene.ts';
import { SHAPE_NAMES } from './shapes.ts';

export function sceneFileName(index: number): string {
  return `${String(index + 1).padStart(6, '0')}.jpg`;
}

const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;

/** Converts planned scenes to a data set. An annotation's `visibility` is the visible share of the object, 0–1. */
export function sceneDataset(
  scenes: readonly Pick<Scene, 'size' | 'objects'>[],
  imageFolder: string,
  description: string,
): Dataset {
  let id = 0;
  const rows = scenes.flatMap(({ objects }, image) =>
    objects.map(({ shape, box, area, visibility }): AnnotationRow => {
      const [left, top, width, height] = xyxyToXywh(box);
      return {
        id: ++id,
        image,
        category: SHAPE_NAMES.indexOf(shape),
        box: [round(left, 2), round(top, 2), round(width, 2), round(height, 2)],
        area,
        crowd: false,
        extra: { visibility: round(Math.min(1, visibility), 3) },
      };
    }),
  );
  return {
    images: scenes.map(({ size }, index) => ({ id: index + 1, fileName: sceneFileName(index), ...size })),
    categories: SHAPE_NAMES.map((name, index) => ({ id: index + 1, name })),
    annotations: annotationTable(rows),
    imageFolder,
    extra: { info: { description } },
  };
}
