/** The in-memory form of data sets, common to all formats. */

import type { RgbImage } from '../image/decode.ts';

/** Additional fields, as in the source's JSON. They are kept so that writing loses nothing. */
export type Extra = Readonly<Record<string, unknown>>;

/** A class of objects. */
export interface Category {
  /** Id, as in the source: any whole number, with gaps. COCO's 80 classes have ids from 1 to 90. */
  readonly id: number;
  /** Name for people. Names need not be unique. */
  readonly name: string;
  /** Additional fields of the source. */
  readonly extra?: Extra | undefined;
}

/** An image of a data set. Its pixels are decoded on demand. */
export interface DatasetImage {
  /** Id, unique in the data set. Annotations refer to images by index, not by id. */
  readonly id: number;
  /** Path relative to the data set's image folder, with forward slashes. */
  readonly fileName: string;
  /** Width of the upright image, in pixels. 0 if the data set does not state it and it was not needed. */
  readonly width: number;
  /** Height of the upright image, in pixels. 0 if the width is 0. */
  readonly height: number;
  /** Returns the pixels, if the image has no file of its own. */
  readonly pixels?: (() => RgbImage) | undefined;
  /** Additional fields of the source. */
  readonly extra?: Extra | undefined;
}

/** Annotations in columns: hundreds of thousands need a few megabytes. */
export interface AnnotationTable {
  /** Number of annotations, the length of each column. */
  readonly count: number;
  /** Id of each annotation. */
  readonly ids: Float64Array;
  /** Index of each annotation's image in `Dataset.images`. */
  readonly images: Int32Array;
  /** Index of each annotation's category in `Dataset.categories`. */
  readonly categories: Int32Array;
  /** Left, top, width, height of each box, in pixels of the upright image: four consecutive values per annotation. */
  readonly boxes: Float64Array;
  /** Area of each object, in square pixels. The area of the box if the source does not state it. */
  readonly areas: Float64Array;
  /** 1 if the box contains a crowd: several objects without separate labels. */
  readonly crowd: Uint8Array;
  /** Additional fields of annotation `row`, created on demand: segmentations are most of COCO's files. */
  extraOf(row: number): Extra;
  /** Whether some annotation may have this additional field. Faster than reading all of them. */
  mayHave(field: string): boolean;
}

/** Images with the boxes of the objects in them. */
export interface Dataset {
  /**
   * In data for classification, each image belongs to one class: its only annotation is the whole image.
   * @default 'detection'
   */
  readonly task?: 'detection' | 'classification' | undefined;
  /** Images, in the order of the source. */
  readonly images: readonly DatasetImage[];
  /** Categories, in the order of the source. Networks learn the index of a class in this list. */
  readonly categories: readonly Category[];
  /** All boxes of all images, in columns. */
  readonly annotations: AnnotationTable;
  /** Folder of the images. */
  readonly imageFolder: string;
  /** Data about the whole set: COCO's info and licenses. */
  readonly extra: Extra;
}

/** A row of an annotation table. */
export interface AnnotationRow {
  /** Id, unique in the data set, from 1. COCO's evaluation never counts a box with id 0 as found. */
  readonly id: number;
  /** Index of the image in `Dataset.images`. */
  readonly image: number;
  /** Index of the category in `Dataset.categories`. */
  readonly category: number;
  /** Left, top, width, height in pixels of the upright image. */
  readonly box: readonly [left: number, top: number, width: number, height: number];
  /** Area of the object, in square pixels. */
  readonly area: number;
  /** Whether the box contains several objects without separate labels. */
  readonly crowd: boolean;
  /** Additional fields of the source. */
  readonly extra?: Extra | undefined;
}

/** Builds a table from rows in memory. Readers of large files build their columns directly. */
export function annotationTable(rows: readonly AnnotationRow[]): AnnotationTable {
  return {
    count: rows.length,
    ids: Float64Array.from(rows, ({ id }) => id),
    images: Int32Array.from(rows, ({ image }) => image),
    categories: Int32Array.from(rows, ({ category }) => category),
    boxes: Float64Array.from(rows.flatMap(({ box }) => box)),
    areas: Float64Array.from(rows, ({ area }) => area),
    crowd: Uint8Array.from(rows, ({ crowd }) => (crowd ? 1 : 0)),
    extraOf: (row) => rows[row]?.extra ?? {},
    mayHave: (field) => rows.some(({ extra }) => extra && field in extra),
  };
}
