import type { Size } from '../boxes/formats.ts';
import { type DecodeOptions, decodeImage, decodeShrunk, type ImageNote, type RgbImage } from './decode.ts';
import { fillInput, type Placement, placeImage, type Resize } from './letterbox.ts';
import { resampleBilinear } from './resample.ts';
import type { ImageSource } from './sources.ts';

/** The part of a model's input recipe that concerns pixels' places. */
export interface ResizeRecipe {
  readonly resize: Resize;
  readonly resampling: 'bilinear' | 'area';
  /** Gray level of the border, 0–255. */
  readonly fill: number;
}

export interface PreparedImage {
  /** [height, width, 3] of the input. */
  readonly pixels: Uint8Array;
  readonly placement: Placement;
  /** The whole image, where preparing it took decoding it whole. */
  readonly decoded?: RgbImage;
  /** What to know about the image, for most nothing. */
  readonly note?: ImageNote;
}

const noteOf = ({ note }: RgbImage) => (note === undefined ? {} : { note });

/**
 * Decodes an image and brings it to the network's input size by the model's recipe.
 * @throws MicroYoloError where the image is missing, damaged or too large
 */
export async function prepareImage(
  source: ImageSource,
  recipe: ResizeRecipe,
  input: Size,
  options: DecodeOptions = {},
): Promise<PreparedImage> {
  const place = (original: Size) => placeImage(original, input, recipe.resize);
  const fill = (image: RgbImage, placement: Placement) =>
    fillInput(resampleBilinear(image, placement), placement, input, recipe.fill);
  if (recipe.resampling === 'area') {
    const { image, original } = await decodeShrunk(source, place, options);
    const placement = place(original);
    return { pixels: fill(image, placement), placement, ...noteOf(image) };
  }
  const decoded = await decodeImage(source, options);
  const placement = place({ width: decoded.width, height: decoded.height });
  return { pixels: fill(decoded, placement), placement, decoded, ...noteOf(decoded) };
}
