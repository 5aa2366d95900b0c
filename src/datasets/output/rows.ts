import type { Dataset } from '../dataset.ts';

/** Annotation rows of each image, by image index. */
export function rowsByImage({ images, annotations }: Dataset): readonly (readonly number[])[] {
  const rows: number[][] = images.map(() => []);
  for (let row = 0; row < annotations.count; row++) rows[annotations.images[row]!]!.push(row);
  return rows;
}

/** Left, top, width, height of an annotation, in pixels. */
export function boxOf({ annotations }: Dataset, row: number): readonly [number, number, number, number] {
  const [left, top, width, height] = annotations.boxes.subarray(row * 4, row * 4 + 4);
  return [left!, top!, width!, height!];
}
