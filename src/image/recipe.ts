/** One number for all colors, or one each. */
export type ColorValue = number | readonly [number, number, number];

/** How a photograph becomes the network's input. It belongs to the model: every use obeys it. */
export interface InputRecipe {
  /**
   * `letterbox` keeps the aspect and fills the rest, `stretch` does not keep it; `crop` keeps it and takes the
   * middle, 7/8 of the shorter side, as classifiers are used to.
   */
  readonly resize: 'letterbox' | 'stretch' | 'crop';
  /** How a letterbox lies in the input. @default DEFAULT_LETTERBOX */
  readonly letterbox?: Letterbox | undefined;
  /**
   * `bilinear`: four neighbors, half-pixel centers, no antialiasing (OpenCV's INTER_LINEAR): what Darknet
   * models expect. `area`: antialiased, and much faster on large photographs.
   */
  readonly resampling: 'bilinear' | 'area';
  readonly colorOrder: 'rgb' | 'bgr';
  /** The network sees (value − mean) / std, of values 0–255; of all colors, or of each in the network's order. */
  readonly mean: ColorValue;
  readonly std: ColorValue;
  /** Gray level of the letterbox's border, 0–255. */
  readonly fill: number;
}

/** How a letterbox is placed and rounded. */
export interface Letterbox {
  /** `center`: borders on both sides; `corner`: on the right and bottom only. */
  readonly align: 'center' | 'corner';
  /** How the image's sides become whole pixels. */
  readonly rounding: 'half-even' | 'floor';
  /**
   * What takes boxes back to the photo: `sides`, each side's own ratio after rounding; `ratio`, the one ratio
   * before rounding, as most families' own code does.
   */
  readonly unscale: 'sides' | 'ratio';
  /** Share of the input that the image may fill, 0–1. @default 1 */
  readonly share?: number | undefined;
}

/** Of models trained here, and of Darknet's. */
export const DEFAULT_LETTERBOX: Letterbox = { align: 'center', rounding: 'half-even', unscale: 'sides' };
