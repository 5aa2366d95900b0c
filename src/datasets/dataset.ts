/** The one in-memory form of data, whatever format it came in. */

import type { RgbImage } from '../image/decode.ts';

/** Fields that a format has beyond ours, as its JSON had them: kept, so that writing loses nothing. */
export type Extra = Readonly<Record<string, unknown>>;

/** A class of objects. */
export interface Category {
  /** As in the source: any whole numbers, with gaps. COCO's 80 classes have ids from 1 to 90. */
  readonly id: number;
  /** As people read it. Names need not be unique. */
  readonly name: string;
  /** Other fields of the source. */
  readonly extra?: Extra;
}

/** An image of a data set; its pixels are decoded on demand. */
export interface DatasetImage {
  /** Unique in the data set; annotations refer to it by place, not by id. */
  readonly id: number;
  /** Relative to the dataset's image folder, with forward slashes. */
  readonly fileName: string;
  /** Of the upright image, in pixels; 0 if nobody asked for a size that its data set does not state. */
  readonly width: number;
  /** Of the upright image, in pixels, or 0 as the width. */
  readonly height: number;
  /** Its pixels, where they are in no file of their own. */
  readonly pixels?: () => RgbImage;
  /** Other fields of the source. */
  readonly extra?: Extra;
}

/** Boxes in columns: hundreds of thousands cost a few megabytes. */
export interface AnnotationTable {
  /** Number of annotations: the length of each column. */
  readonly count: number;
  /** Ids of the annotations. */
  readonly ids: Float64Array;
  /** Place of the annotation's image in `Dataset.images`. */
  readonly images: Int32Array;
  /** Place of its category in `Dataset.categories`. */
  readonly categories: Int32Array;
  /** Left, top, width, height of each box in pixels. */
  readonly boxes: Float64Array;
  /** Of the object, in square pixels; of the box where the source does not say. */
  readonly areas: Float64Array;
  /** 1 where a box holds a crowd, many objects not told apart. */
  readonly crowd: Uint8Array;
  /** Fields of annotation `row` beyond these. Made when asked for: segmentations are most of COCO's files. */
  extraOf(row: number): Extra;
  /** Whether some annotation may have a field beyond these: told without making all of them. */
  mayHave(field: string): boolean;
}

/** Images with the boxes of the objects in them. */
export interface Dataset {
  /**
   * In one of classification each image is of one class: its only annotation is the whole image.
   * @default 'detection'
   */
  readonly task?: 'detection' | 'classification';
  /** In the order of the source. */
  readonly images: readonly DatasetImage[];
  /** In the order of the source. A class's place is what networks learn. */
  readonly categories: readonly Category[];
  /** All boxes of all images, in columns. */
  readonly annotations: AnnotationTable;
  /** Folder that holds the images. */
  readonly imageFolder: string;
  /** What the source says of the whole: COCO's info and licenses. */
  readonly extra: Extra;
}

/** Rows of an annotation table that a reader fills. */
export interface AnnotationRow {
  /** Unique in the data set, from 1. COCO's evaluation never counts a box of id 0 as found. */
  readonly id: number;
  /** Place of the image in `Dataset.images`. */
  readonly image: number;
  /** Place of the category in `Dataset.categories`. */
  readonly category: number;
  /** Left, top, width, height in pixels of the upright image. */
  readonly box: readonly [left: number, top: number, width: number, height: number];
  /** Of the object, in square pixels. */
  readonly area: number;
  /** Whether the box holds many objects that are not told apart. */
  readonly crowd: boolean;
  /** Other fields of the source. */
  readonly extra?: Extra;
}

/** A table of rows in memory. Readers of large files build their columns themselves. */
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
