/** One number for all colors, or one per color. */
export type ColorValue = number | readonly [number, number, number];

/** How a photograph becomes the network's input. It is part of the model. */
export interface InputRecipe {
  /**
   * How the image is fitted. `letterbox` keeps the aspect ratio and fills the rest. `stretch` does not keep it. `crop`
   * keeps it and takes the center, 7/8 of the shorter side, as usual for classifiers. For graphs that accept any size:
   * `native` keeps the image's size, and `shortest` scales its shorter side to that of the input.
   */
  readonly resize: 'letterbox' | 'stretch' | 'crop' | 'native' | 'shortest';
  /** How a letterbox is placed in the input. @default DEFAULT_LETTERBOX */
  readonly letterbox?: Letterbox | undefined;
  /**
   * How pixels are resampled. `bilinear`: four neighbors, half-pixel centers, no antialiasing (OpenCV's
   * INTER_LINEAR), as Darknet models expect. `area`: antialiased, and much faster for large photographs.
   * `antialiased`: torchvision's and Pillow's bilinear. `bicubic`: OpenCV's INTER_CUBIC.
   */
  readonly resampling: Resampling;
  /** Order of the color channels that the network expects. */
  readonly colorOrder: 'rgb' | 'bgr';
  /**
   * The network's input is (value − mean) / std, with values of 0–255. One number, or one per color in the network's
   * order.
   */
  readonly mean: ColorValue;
  /** Divisor of each channel after the mean is subtracted, for values of 0–255. */
  readonly std: ColorValue;
  /** Color of the letterbox's border: a gray level (0–255), R, G, B, or `zero`, which is 0 after scaling. */
  readonly fill: Fill;
}

/** Color of a border: a gray level (0–255), R, G, B, or `zero`, which is 0 after scaling. */
export type Fill = ColorValue | 'zero';

/** How an image is resampled. See `InputRecipe`. */
export type Resampling = 'bilinear' | 'area' | 'antialiased' | 'bicubic';

/** How a letterbox is placed and rounded. */
export interface Letterbox {
  /** `center`: borders on both sides. `corner`: only on the right and bottom. */
  readonly align: 'center' | 'corner';
  /** How the image's sides are rounded to whole pixels. */
  readonly rounding: 'half-even' | 'half-up' | 'floor';
  /**
   * How boxes are mapped back to the photo. `sides`: by the ratio of each side after rounding. `ratio`: by the common
   * ratio before rounding. `exact`: by that ratio and the margins before rounding.
   */
  readonly unscale: 'sides' | 'ratio' | 'exact';
  /** Maximum share of the input that the image fills, 0–1. @default 1 */
  readonly share?: number | undefined;
  /** For `shortest`: maximum length of the longer side, in pixels. @default no maximum */
  readonly longest?: number | undefined;
  /** For `shortest`: the input's sides are padded to multiples of this, in pixels. @default 1 */
  readonly multiple?: number | undefined;
}

/** The letterbox of models trained with this library, and of Darknet models. */
export const DEFAULT_LETTERBOX: Letterbox = { align: 'center', rounding: 'half-even', unscale: 'sides' };

/** Returns the gray level nearest to a fill color. */
export function grayLevel(fill: Fill): number {
  if (fill === 'zero') return 0;
  return typeof fill === 'number' ? fill : Math.round((fill[0] + fill[1] + fill[2]) / 3);
}
