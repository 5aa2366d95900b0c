import type { Size, XyxyPx } from '../boxes/formats.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { roundHalfEven } from '../foundation/round-half-even.ts';
import type { RgbImage } from './decode.ts';
import { DEFAULT_LETTERBOX, type Fill, type Letterbox } from './recipe/recipe.ts';

/** Where an image is placed in the network's input. */
export interface Placement {
  /** Distance from the input's left edge, in pixels. */
  readonly left: number;
  /** Distance from the input's top edge, in pixels. */
  readonly top: number;
  /** Width of the image in the input, in pixels. */
  readonly width: number;
  /** Height of the image in the input, in pixels. */
  readonly height: number;
  /** Size of the upright original, in pixels. */
  readonly original: Size;
  /**
   * How boxes are mapped back, if not by the sides above: one scale for both axes, and the margins before rounding, in
   * input pixels.
   */
  readonly back?: {
    /** Distance from the input's left edge, in pixels. */
    readonly left: number;
    /** Distance from the input's top edge, in pixels. */
    readonly top: number;
    /** Input pixels per pixel of the original. */
    readonly scale: number;
  };
}

/** How images are fitted into an input. */
export type Resize = 'letterbox' | 'stretch' | 'crop' | 'native' | 'shortest';

/** Share of the shorter side that a crop keeps: 224 of 256 pixels, as usual when ImageNet classifiers are evaluated. */
const CROP_SHARE = 0.875;
/** Maximum size of the resized image before it is cropped, in pixels. */
const MAX_PIXELS = 100_000_000;

/**
 * Scales the shorter side to a length, or to less if the longer side would exceed its maximum. The shorter side is
 * rounded, the longer one is rounded down.
 */
function placeShortest(original: Size, side: number, { longest, unscale }: Letterbox): Placement {
  const [short, long] = [
    Math.min(original.width, original.height),
    Math.max(original.width, original.height),
  ];
  const length = longest === undefined ? side : Math.min(side, (longest * short) / long);
  const scale = length / short;
  const sideOf = (value: number) => (value === short ? Math.round(length) : Math.floor(value * scale + 1e-9));
  const placement = {
    left: 0,
    top: 0,
    width: sideOf(original.width),
    height: sideOf(original.height),
    original,
  };
  return unscale === 'sides' ? placement : { ...placement, back: { left: 0, top: 0, scale } };
}

/** Returns the input size for one image, if the graph accepts any size. */
export function inputFor(
  { original, width, height }: Placement,
  input: Size,
  resize: Resize,
  { multiple = 1 }: Letterbox = DEFAULT_LETTERBOX,
): Size {
  if (resize === 'native') return { width: original.width, height: original.height };
  if (resize !== 'shortest') return input;
  const whole = (side: number) => Math.ceil(side / multiple) * multiple;
  return { width: whole(width), height: whole(height) };
}

/**
 * Places an image in an input. `letterbox` keeps the aspect ratio and centers the image. `stretch` fills the input.
 * `crop` keeps the aspect ratio and fills the input with the center. For example, a 20×10 image in a 40×40 input is
 * letterboxed to 40×20, with top 10.
 * @throws MicroYoloError `invalid-file` for a crop of an image with an extreme aspect ratio
 */
export function placeImage(
  original: Size,
  input: Size,
  resize: Resize,
  letterbox: Letterbox = DEFAULT_LETTERBOX,
): Placement {
  if (resize === 'native') return { left: 0, top: 0, ...original, original };
  if (resize === 'shortest') {
    return placeShortest(original, Math.min(input.width, input.height), letterbox);
  }
  if (resize === 'stretch') return { left: 0, top: 0, width: input.width, height: input.height, original };
  const scales = [input.width / original.width, input.height / original.height] as const;
  if (resize === 'crop') {
    // Rounds as torchvision does.
    const scale = Math.max(...scales) / CROP_SHARE;
    const width = Math.floor(original.width * scale + 1e-6);
    const height = Math.floor(original.height * scale + 1e-6);
    if (width * height > MAX_PIXELS) {
      throw new MicroYoloError(
        'invalid-file',
        `image of ${original.width}×${original.height} pixels: too long for a center crop of ${input.width}×${input.height}; crop it first`,
      );
    }
    const left = -roundHalfEven((width - input.width) / 2);
    const top = -roundHalfEven((height - input.height) / 2);
    return { left, top, width, height, original };
  }
  const { align, rounding, unscale, share = 1 } = letterbox;
  const scale = share * Math.min(...scales);
  const round = { floor: Math.floor, 'half-up': Math.round, 'half-even': roundHalfEven }[rounding];
  // The shorter side of an extremely long image would otherwise round to 0.
  const width = Math.max(1, round(original.width * scale));
  const height = Math.max(1, round(original.height * scale));
  const left = align === 'corner' ? 0 : Math.floor((input.width - width) / 2);
  const top = align === 'corner' ? 0 : Math.floor((input.height - height) / 2);
  const placement = { left, top, width, height, original };
  if (unscale === 'sides') return placement;
  if (unscale === 'ratio' || align === 'corner') return { ...placement, back: { left, top, scale } };
  const margin = (side: number, length: number) => (side - length * scale) / 2;
  const exactLeft = margin(input.width, original.width);
  const exactTop = margin(input.height, original.height);
  return { ...placement, back: { left: exactLeft, top: exactTop, scale } };
}

/** Converts a box from pixels of the input to pixels of the original. The exact inverse of `toInput`. */
export function toOriginal([left, top, right, bottom]: XyxyPx, placement: Placement): XyxyPx {
  const { original, width, height, back } = placement;
  const scaleX = back ? 1 / back.scale : original.width / width;
  const scaleY = back ? 1 / back.scale : original.height / height;
  const [x, y] = back ? [back.left, back.top] : [placement.left, placement.top];
  return [(left - x) * scaleX, (top - y) * scaleY, (right - x) * scaleX, (bottom - y) * scaleY];
}

/** Converts a box from pixels of the original to pixels of the input. */
export function toInput([left, top, right, bottom]: XyxyPx, placement: Placement): XyxyPx {
  const { original, width, height, back } = placement;
  const scaleX = back ? back.scale : width / original.width;
  const scaleY = back ? back.scale : height / original.height;
  const [x, y] = back ? [back.left, back.top] : [placement.left, placement.top];
  return [left * scaleX + x, top * scaleY + y, right * scaleX + x, bottom * scaleY + y];
}

function filledPixels({ width, height }: Size, fill: Fill): Uint8Array {
  const pixels = new Uint8Array(3 * width * height);
  if (fill === 'zero') return pixels;
  if (typeof fill === 'number') return pixels.fill(fill);
  for (let at = 0; at < pixels.length; at += 3) pixels.set(fill, at);
  return pixels;
}

/**
 * Returns the input's pixels: the image, which already has the placement's size, surrounded by a border. If the image
 * is larger than the input, it is cropped.
 * @param fill gray level (0–255), R, G, B, or `zero`, which the code that scales the pixels must apply
 */
export function fillInput(image: RgbImage, placement: Placement, input: Size, fill: Fill): Uint8Array {
  if (image.width === input.width && image.height === input.height) return image.data;
  const pixels = filledPixels(input, fill);
  const { left, top } = placement;
  // Parts outside the input are cropped.
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
