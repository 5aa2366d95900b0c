import type { Size } from '../boxes/formats.ts';
import { type DecodeOptions, decodeImage, decodeShrunk, type ImageNote, type RgbImage } from './decode.ts';
import { fillInput, inputFor, type Placement, placeImage, type Resize } from './letterbox.ts';
import type { Fill, Letterbox, Resampling } from './recipe.ts';
import { resampleAntialiased } from './resample/antialiased.ts';
import { resampleBicubic } from './resample/bicubic.ts';
import { resampleBilinear } from './resample/bilinear.ts';
import type { ImageSource } from './sources.ts';

/** The part of a model's input recipe that concerns pixels' places. */
export interface ResizeRecipe {
  /** How the image fits the input. */
  readonly resize: Resize;
  /** How a letterbox rounds and aligns. @default as Darknet */
  readonly letterbox?: Letterbox | undefined;
  /** How pixels are computed. */
  readonly resampling: Resampling;
  /** Of the border: see `InputRecipe`. */
  readonly fill: Fill;
}

/** An image that fits a network's input. */
export interface PreparedImage {
  /** [height, width, 3] of the input. */
  readonly pixels: Uint8Array;
  /** Of the input, in pixels: the network's, or the image's own for a graph that takes any. */
  readonly input: Size;
  /** Where the image lies in the input. */
  readonly placement: Placement;
  /** The whole image, where preparing it took decoding it whole. */
  readonly decoded?: RgbImage;
  /** What to know about the image, for most nothing. */
  readonly note?: ImageNote;
}

/** What `area` leaves to do after decoding is bilinear. */
const RESAMPLERS = {
  area: resampleBilinear,
  bilinear: resampleBilinear,
  antialiased: resampleAntialiased,
  bicubic: resampleBicubic,
} as const satisfies Record<Resampling, (image: RgbImage, size: Size) => RgbImage>;
const noteOf = ({ note }: RgbImage) => (note === undefined ? {} : { note });

/**
 * Decodes an image and brings it to the network's input size by the model's recipe.
 * @throws MicroYoloError if the image is missing, damaged or too large
 */
export async function prepareImage(
  source: ImageSource,
  recipe: ResizeRecipe,
  input: Size,
  options: DecodeOptions = {},
): Promise<PreparedImage> {
  const { resize, letterbox, resampling } = recipe;
  const place = (original: Size) => placeImage(original, input, resize, letterbox);
  const fill = (image: RgbImage, placement: Placement) => {
    const whole = inputFor(placement, input, resize, letterbox);
    const pixels = fillInput(RESAMPLERS[resampling](image, placement), placement, whole, recipe.fill);
    return { pixels, input: whole, placement };
  };
  if (resampling === 'area') {
    const { image, original } = await decodeShrunk(source, place, options);
    return { ...fill(image, place(original)), ...noteOf(image) };
  }
  const decoded = await decodeImage(source, options);
  const placement = place({ width: decoded.width, height: decoded.height });
  return { ...fill(decoded, placement), decoded, ...noteOf(decoded) };
}
