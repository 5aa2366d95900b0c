import type { AnnotationTable, Dataset } from './dataset.ts';

export interface NewPlaces {
  /** New index of each image, by old index. */
  readonly images?: Int32Array;
  readonly categories?: Int32Array;
}

/** Selects rows, in the given order, and maps their images and categories to new indices. */
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

/** New index by old index; −1 for those that are not kept. */
function newPlaces(count: number, kept: readonly number[]): Int32Array {
  const places = new Int32Array(count).fill(-1);
  for (const [place, old] of kept.entries()) places[old] = place;
  return places;
}

/**
 * Selects images and categories by index, in the given order. Annotations are kept if their image and their category
 * are.
 * @param categories indices of the categories. @default all
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
