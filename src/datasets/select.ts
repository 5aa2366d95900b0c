import type { AnnotationTable, Dataset } from './dataset.ts';

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

/** New place of each old one; -1 for those left out. */
function newPlaces(count: number, kept: readonly number[]): Int32Array {
  const places = new Int32Array(count).fill(-1);
  for (const [place, old] of kept.entries()) places[old] = place;
  return places;
}

/**
 * A data set of some images and categories of another, in the order given, with the annotations of both.
 * @param categories their places. @default all
 */
export function selectPart(
  dataset: Dataset,
  images: readonly number[],
  categories: readonly number[] = [...dataset.categories.keys()],
): Dataset {
  const { annotations } = dataset;
  const imagePlaces = newPlaces(dataset.images.length, images);
  const categoryPlaces = newPlaces(dataset.categories.length, categories);
  const rows: number[] = [];
  for (let row = 0; row < annotations.count; row++) {
    const inside = imagePlaces[annotations.images[row]!]! >= 0;
    if (inside && categoryPlaces[annotations.categories[row]!]! >= 0) rows.push(row);
  }
  return {
    ...dataset,
    images: images.map((place) => dataset.images[place]!),
    categories: categories.map((place) => dataset.categories[place]!),
    annotations: selectRows(annotations, rows, { images: imagePlaces, categories: categoryPlaces }),
  };
}
