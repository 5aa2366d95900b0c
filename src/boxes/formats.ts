/**
 * Box formats. The type of a box states its format, so the compiler tells formats apart. At run time, each box is a
 * plain array of four numbers. Pixel coordinates start at the image's top left corner and refer to pixel edges, not
 * centers.
 */

/** Left, top, right, bottom in pixels. */
export type XyxyPx = readonly [left: number, top: number, right: number, bottom: number] & {
  /** Exists only in types, to keep box formats apart. */
  readonly format?: 'xyxy-px';
};

/** Left, top, width, height in pixels: COCO's format. */
export type XywhPx = readonly [left: number, top: number, width: number, height: number] & {
  /** Exists only in types, to keep box formats apart. */
  readonly format?: 'xywh-px';
};

/** Center x, center y, width, height as fractions of the image's width and height: the format of Darknet and YOLO. */
export type CxcywhNorm = readonly [x: number, y: number, width: number, height: number] & {
  /** Exists only in types, to keep box formats apart. */
  readonly format?: 'cxcywh-norm';
};

/** Width and height in whole pixels, unless the field says otherwise. */
export interface Size {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
}

/** Converts the side of a square to a size. Returns a size unchanged. */
export function squareSize(size: number | Size): Size {
  return typeof size === 'number' ? { width: size, height: size } : size;
}

/** Converts left, top, right, bottom to left, top, width, height. Both are in pixels. */
export function xyxyToXywh([left, top, right, bottom]: XyxyPx): XywhPx {
  return [left, top, right - left, bottom - top];
}

/** Converts left, top, width, height to left, top, right, bottom. Both are in pixels. */
export function xywhToXyxy([left, top, width, height]: XywhPx): XyxyPx {
  return [left, top, left + width, top + height];
}

/** Converts a box from fractions of an image to its pixels. */
export function cxcywhToXywh([x, y, width, height]: CxcywhNorm, image: Size): XywhPx {
  return [
    (x - width / 2) * image.width,
    (y - height / 2) * image.height,
    width * image.width,
    height * image.height,
  ];
}

/** Converts a box from pixels of an image to fractions of it. */
export function xywhToCxcywh([left, top, width, height]: XywhPx, image: Size): CxcywhNorm {
  return [
    (left + width / 2) / image.width,
    (top + height / 2) / image.height,
    width / image.width,
    height / image.height,
  ];
}

/** Clips a box to the image. A box outside the image gets zero size. */
export function clipToImage([left, top, right, bottom]: XyxyPx, { width, height }: Size): XyxyPx {
  const x = (value: number) => Math.min(Math.max(value, 0), width);
  const y = (value: number) => Math.min(Math.max(value, 0), height);
  return [x(left), y(top), x(right), y(bottom)];
}
