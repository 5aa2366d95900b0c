/**
 * Box formats. The format stands in the type, which the compiler keeps apart; at run time each is a plain
 * array of four numbers. Pixels count from the image's top left corner, edges not centers.
 */

/** Left, top, right, bottom in pixels. */
export type XyxyPx = readonly [left: number, top: number, right: number, bottom: number] & {
  /** Exists only for the compiler, which keeps formats apart. */
  readonly format?: 'xyxy-px';
};

/** Left, top, width, height in pixels: COCO's format. */
export type XywhPx = readonly [left: number, top: number, width: number, height: number] & {
  /** Exists only for the compiler, which keeps formats apart. */
  readonly format?: 'xywh-px';
};

/** Center x, center y, width, height over the image's width and height: Darknet's and YOLO's format. */
export type CxcywhNorm = readonly [x: number, y: number, width: number, height: number] & {
  /** Exists only for the compiler, which keeps formats apart. */
  readonly format?: 'cxcywh-norm';
};

/** Width and height in whole pixels, unless a field says otherwise. */
export interface Size {
  /** Width of lines, in pixels. */
  readonly width: number;
  /** From top to bottom, in pixels. */
  readonly height: number;
}

/** Width and height of a size that may be given by the side of a square. */
export function squareSize(size: number | Size): Size {
  return typeof size === 'number' ? { width: size, height: size } : size;
}

/** Left, top, right, bottom to left, top, width, height; both in pixels. */
export function xyxyToXywh([left, top, right, bottom]: XyxyPx): XywhPx {
  return [left, top, right - left, bottom - top];
}

/** Left, top, width, height to left, top, right, bottom; both in pixels. */
export function xywhToXyxy([left, top, width, height]: XywhPx): XyxyPx {
  return [left, top, left + width, top + height];
}

/** A box in fractions of an image to pixels of it. */
export function cxcywhToXywh([x, y, width, height]: CxcywhNorm, image: Size): XywhPx {
  return [
    (x - width / 2) * image.width,
    (y - height / 2) * image.height,
    width * image.width,
    height * image.height,
  ];
}

/** A box in pixels of an image to fractions of it. */
export function xywhToCxcywh([left, top, width, height]: XywhPx, image: Size): CxcywhNorm {
  return [
    (left + width / 2) / image.width,
    (top + height / 2) / image.height,
    width / image.width,
    height / image.height,
  ];
}

/** The part of a box inside the image; of zero size where there is none. */
export function clipToImage([left, top, right, bottom]: XyxyPx, { width, height }: Size): XyxyPx {
  const x = (value: number) => Math.min(Math.max(value, 0), width);
  const y = (value: number) => Math.min(Math.max(value, 0), height);
  return [x(left), y(top), x(right), y(bottom)];
}
