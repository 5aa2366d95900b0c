/** One number for all colors, or one each. */
export type ColorValue = number | readonly [number, number, number];

/** How a photograph becomes the network's input. It belongs to the model: every use obeys it. */
export interface InputRecipe {
  /**
   * `letterbox` keeps the aspect and fills the rest, `stretch` does not keep it; `crop` keeps it and takes the
   * middle, 7/8 of the shorter side, as classifiers are used to. Of graphs that take any size: `native` leaves the
   * image as it is, `shortest` makes its shorter side as long as the input's.
   */
  readonly resize: 'letterbox' | 'stretch' | 'crop' | 'native' | 'shortest';
  /** How a letterbox lies in the input. @default DEFAULT_LETTERBOX */
  readonly letterbox?: Letterbox | undefined;
  /**
   * `bilinear`: four neighbors, half-pixel centers, no antialiasing (OpenCV's INTER_LINEAR): what Darknet
   * models expect. `area`: antialiased, and much faster on large photographs. `antialiased`: torchvision's and Pillow's bilinear.
   * `bicubic`: OpenCV's INTER_CUBIC.
   */
  readonly resampling: Resampling;
  /** Order of the channels that the network expects. */
  readonly colorOrder: 'rgb' | 'bgr';
  /** The network sees (value − mean) / std, of values 0–255; of all colors, or of each in the network's order. */
  readonly mean: ColorValue;
  /** Divides each channel after the mean is subtracted, in levels of 0–255. */
  readonly std: ColorValue;
  /** Of the letterbox's border: a gray level, 0–255; R, G, B; or what the network sees as zero. */
  readonly fill: Fill;
}

/** What a border is filled with: a gray level of 0–255, R, G, B, or `zero` after scaling. */
export type Fill = ColorValue | 'zero';

/** How an image gets another size: see `InputRecipe`. */
export type Resampling = 'bilinear' | 'area' | 'antialiased' | 'bicubic';

/** How a letterbox is placed and rounded. */
export interface Letterbox {
  /** `center`: borders on both sides; `corner`: on the right and bottom only. */
  readonly align: 'center' | 'corner';
  /** How the image's sides become whole pixels. */
  readonly rounding: 'half-even' | 'half-up' | 'floor';
  /**
   * What takes boxes back to the photo: `sides`, each side's own ratio after rounding; `ratio`, the one ratio
   * before rounding; `exact`, that ratio and margins before rounding.
   */
  readonly unscale: 'sides' | 'ratio' | 'exact';
  /** Share of the input that the image may fill, 0–1. @default 1 */
  readonly share?: number | undefined;
  /** Of `shortest`: the longer side at most, in pixels. @default any */
  readonly longest?: number | undefined;
  /** Of `shortest`: what the input's sides are filled up to multiples of, in pixels. @default 1 */
  readonly multiple?: number | undefined;
}

/** Of models trained here, and of Darknet's. */
export const DEFAULT_LETTERBOX: Letterbox = { align: 'center', rounding: 'half-even', unscale: 'sides' };

/** The gray level nearest to a fill. */
export function grayLevel(fill: Fill): number {
  if (fill === 'zero') return 0;
  return typeof fill === 'number' ? fill : Math.round((fill[0] + fill[1] + fill[2]) / 3);
}
