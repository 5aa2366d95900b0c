import type { Size, XyxyPx } from '../boxes/formats.ts';
import { MicroYoloError } from '../errors.ts';
import type { RgbImage } from './decode.ts';
import { DEFAULT_LETTERBOX, type Letterbox } from './recipe.ts';
import { roundHalfEven } from './round-half-even.ts';

/** Where an image lies in the network's input. */
export interface Placement {
  /** Of the image, in the input: pixels. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Of the upright original, in pixels. */
  readonly original: Size;
  /** Input pixels a pixel of the original, of both axes. @default each side's own */
  readonly scale?: number;
}

/** How images are fitted to an input. */
export type Resize = 'letterbox' | 'stretch' | 'crop';

/** Share of the shorter side that a crop shows: 224 of 256 pixels, as ImageNet's classifiers are measured. */
const CROP_SHARE = 0.875;
/** The whole image is made so large before its middle is taken, and no larger. */
const MAX_PIXELS = 100_000_000;

/**
 * Places an image in an input: `letterbox` keeps its aspect and centers it, `stretch` fills the input, `crop`
 * keeps the aspect and lets the middle fill it.
 * A 20×10 image in 40×40 is letterboxed to 40×20 at top 10.
 * @throws MicroYoloError `invalid-file` for a crop of an image a thousand times as long as wide
 */
export function placeImage(
  original: Size,
  input: Size,
  resize: Resize,
  letterbox: Letterbox = DEFAULT_LETTERBOX,
): Placement {
  if (resize === 'stretch') return { left: 0, top: 0, width: input.width, height: input.height, original };
  const scales = [input.width / original.width, input.height / original.height] as const;
  if (resize === 'crop') {
    // As torchvision rounds.
    const scale = Math.max(...scales) / CROP_SHARE;
    const width = Math.floor(original.width * scale + 1e-6);
    const height = Math.floor(original.height * scale + 1e-6);
    if (width * height > MAX_PIXELS) {
      throw new MicroYoloError(
        'invalid-file',
        `image of ${original.width}×${original.height} pixels: too long to crop its middle of ${input.width}×${input.height}; cut it first`,
      );
    }
    const left = -roundHalfEven((width - input.width) / 2);
    const top = -roundHalfEven((height - input.height) / 2);
    return { left, top, width, height, original };
  }
  const { align, rounding, unscale, share = 1 } = letterbox;
  const scale = share * Math.min(...scales);
  const round = rounding === 'floor' ? Math.floor : roundHalfEven;
  // A side of a very long image would round to nothing.
  const width = Math.max(1, round(original.width * scale));
  const height = Math.max(1, round(original.height * scale));
  const left = align === 'corner' ? 0 : Math.floor((input.width - width) / 2);
  const top = align === 'corner' ? 0 : Math.floor((input.height - height) / 2);
  return { left, top, width, height, original, ...(unscale === 'ratio' ? { scale } : {}) };
}

/** A box in pixels of the original, from pixels of the input. The exact inverse of `toInput`. */
export function toOriginal([left, top, right, bottom]: XyxyPx, placement: Placement): XyxyPx {
  const { original, scale } = placement;
  const scaleX = scale === undefined ? original.width / placement.width : 1 / scale;
  const scaleY = scale === undefined ? original.height / placement.height : 1 / scale;
  return [
    (left - placement.left) * scaleX,
    (top - placement.top) * scaleY,
    (right - placement.left) * scaleX,
    (bottom - placement.top) * scaleY,
  ];
}

/** A box in pixels of the input, from pixels of the original. */
export function toInput([left, top, right, bottom]: XyxyPx, placement: Placement): XyxyPx {
  const scaleX = placement.scale ?? placement.width / placement.original.width;
  const scaleY = placement.scale ?? placement.height / placement.original.height;
  return [
    left * scaleX + placement.left,
    top * scaleY + placement.top,
    right * scaleX + placement.left,
    bottom * scaleY + placement.top,
  ];
}

/**
 * The input's pixels: the image, already of the placement's size, on a border of one gray level (0–255), or of a
 * larger one what the input shows.
 */
export function fillInput(image: RgbImage, placement: Placement, input: Size, fill: number): Uint8Array {
  if (image.width === input.width && image.height === input.height) return image.data;
  const pixels = new Uint8Array(3 * input.width * input.height).fill(fill);
  const { left, top } = placement;
  // What lies outside the input is cropped off.
  const [fromX, toX] = [Math.max(0, -left), Math.min(image.width, input.width - left)];
  for (let y = Math.max(0, -top); y < Math.min(image.height, input.height - top); y++) {
    const row = y * image.width;
    pixels.set(
      image.data.subarray(3 * (row + fromX), 3 * (row + toX)),
      3 * ((y + top) * input.width + left + fromX),
    );
  }
  return pixels;
}
