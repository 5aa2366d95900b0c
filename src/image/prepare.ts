import type { Size } from '../boxes/formats.ts';
import { type DecodeOptions, decodeImage, decodeShrunk, type ImageNote, type RgbImage } from './decode.ts';
import { fillInput, inputFor, type Placement, placeImage, type Resize } from './letterbox.ts';
import type { Fill, Letterbox, Resampling } from './recipe/recipe.ts';
import { resampleAntialiased } from './resample/antialiased.ts';
import { resampleBicubic } from './resample/bicubic.ts';
import { resampleBilinear } from './resample/bilinear.ts';
import type { ImageSource } from './sources.ts';

/** The part of a model's input recipe that defines the geometry. */
export interface ResizeRecipe {
  /** How the image is fitted into the input. */
  readonly resize: Resize;
  /** How a letterbox is rounded and aligned. @default as in Darknet */
  readonly letterbox?: Letterbox | undefined;
  /** How pixels are resampled. */
  readonly resampling: Resampling;
  /** Color of the border. See `InputRecipe`. */
  readonly fill: Fill;
}

/** An image that is fitted into a network's input. */
export interface PreparedImage {
  /** Pixels of the input, [height, width, 3], in row-major order. */
  readonly pixels: Uint8Array;
  /** Size of the input, in pixels: the network's, or the image's own for a graph that accepts any size. */
  readonly input: Size;
  /** Where the image is placed in the input. */
  readonly placement: Placement;
  /** The whole image. Only set if preparation decoded all of it. */
  readonly decoded?: RgbImage;
  /** A note about the image. Undefined for most images. */
  readonly note?: ImageNote;
}

/** For `area`, the decoder does most of the shrinking, and bilinear resampling does the rest. */
const RESAMPLERS = {
  area: resampleBilinear,
  bilinear: resampleBilinear,
  antialiased: resampleAntialiased,
  bicubic: resampleBicubic,
} as const satisfies Record<Resampling, (image: RgbImage, size: Size) => RgbImage>;
const noteOf = ({ note }: RgbImage) => (note === undefined ? {} : { note });

/** An image decoded for an input: at full size, or already shrunk toward the input's size. */
export interface DecodedForInput {
  readonly image: RgbImage;
  /** Size of the upright image, in pixels. */
  readonly original: Size;
  /** Whether it was decoded at full size. */
  readonly isWhole: boolean;
}

/**
 * Decodes an image, which is the first half of its preparation. If the recipe is antialiased, the decoder may shrink
 * it.
 * @throws MicroYoloError if the image is missing, damaged or too large
 */
export async function decodeForInput(
  source: ImageSource,
  { resize, letterbox, resampling }: ResizeRecipe,
  input: Size,
  options: DecodeOptions = {},
): Promise<DecodedForInput> {
  if (resampling === 'area') {
    const place = (original: Size) => placeImage(original, input, resize, letterbox);
    return { ...(await decodeShrunk(source, place, options)), isWhole: false };
  }
  const image = await decodeImage(source, options);
  return { image, original: { width: image.width, height: image.height }, isWhole: true };
}

/** Resizes a decoded image to the input's size, which is the second half of its preparation. */
export function fitToInput(
  { image, original, isWhole }: DecodedForInput,
  { resize, letterbox, resampling, fill }: ResizeRecipe,
  input: Size,
): PreparedImage {
  const placement = placeImage(original, input, resize, letterbox);
  const whole = inputFor(placement, input, resize, letterbox);
  const pixels = fillInput(RESAMPLERS[resampling](image, placement), placement, whole, fill);
  return { pixels, input: whole, placement, ...(isWhole && { decoded: image }), ...noteOf(image) };
}

/**
 * Decodes an image and fits it into the network's input by the model's recipe.
 * @throws MicroYoloError if the image is missing, damaged or too large
 */
export async function prepareImage(
  source: ImageSource,
  recipe: ResizeRecipe,
  input: Size,
  options: DecodeOptions = {},
): Promise<PreparedImage> {
  return fitToInput(await decodeForInput(source, recipe, input, options), recipe, input);
}
