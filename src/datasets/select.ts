import type { AnnotationTable } from './dataset.ts';

export interface NewPlaces {
  /** New place of each image, in the order of the old ones. */
  readonly images?: Int32Array;
  readonly categories?: Int32Array;
}

/** The rows named, in that order, with their images and categories at new places. */
export function selectRows(
  table: AnnotationTable,
  rows: readonly number[],
  places: NewPlaces = {},
): AnnotationTable {
  const moved = (old: number, to: Int32Array | undefined) => to?.[old] ?? old;
  return {
    count: rows.length,
    ids: Float64Array.from(rows, (row) => table.ids[row]!),
    images: Int32Array.from(rows, (row) => moved(table.images[row]!, places.images)),
    categories: Int32Array.from(rows, (row) => moved(table.categories[row]!, places.categories)),
    boxes: Float64Array.from(
      { length: rows.length * 4 },
      (_, at) => table.boxes[rows[at >> 2]! * 4 + (at & 3)]!,
    ),
    areas: Float64Array.from(rows, (row) => table.areas[row]!),
    crowd: Uint8Array.from(rows, (row) => table.crowd[row]!),
    extraOf: (row) => {
      const old = rows[row];
      return old === undefined ? {} : table.extraOf(old);
    },
    mayHave: (field) => table.mayHave(field),
  };
}
