import type { AddBox } from '../../boxes/decode-heads.ts';
import type { Size, XyxyPx } from '../../boxes/formats.ts';
import type { InputRecipe } from '../../image/recipe/recipe.ts';

export type { AddBox };

/** An output of a network, in row-major order. Integers and half-precision values are converted to floats. */
export interface OutputTensor {
  /** Size of each axis. */
  readonly shape: readonly number[];
  /** Values in row-major order. */
  readonly data: Float32Array;
}

/** Outputs of a network by name. */
export type Outputs = Readonly<Record<string, OutputTensor>>;

/** What a decoder knows about the image that the outputs belong to. */
export interface DecoderView {
  /** Size of the network's input, in pixels. */
  readonly input: Size;
  /** Size of the upright photo, in pixels. */
  readonly original: Size;
  /** Number of classes for which the model has names. */
  readonly classes: number;
  /** Only scores above this count, 0–1. */
  readonly scoreThreshold: number;
  /** Whether a box counts once for each class above the threshold, or only for its best class. */
  readonly multiLabel: boolean;
  /** Converts a box from pixels of the photo to pixels of the input. */
  fromPhoto(box: XyxyPx): XyxyPx;
}

/** Converts a network's outputs for one image to scored boxes. It does not suppress boxes. */
export type Decode = (outputs: Outputs, view: DecoderView, add: AddBox) => void;

/** Defaults that belong to a decoder. */
export interface DecoderDefaults {
  /**
   * If two boxes of a class overlap by more than this IoU, 0–1, the worse one is dropped. 1 if the graph suppresses
   * boxes itself.
   */
  readonly iouThreshold: number;
  /** Scores above this count in an evaluation, 0–1. The family's own default. */
  readonly evaluationThreshold: number;
  /** Whether `detect` counts a box once for each class, instead of only for the best one. */
  readonly multiLabel: boolean;
}

/** A decoder defined by the user, with everything that a graph needs. */
export interface CustomDecoder extends Decoder {
  /** How images are prepared. Missing fields have default values. */
  readonly recipe: InputRecipe;
  /** Class names. @default those in the file */
  readonly classes?: readonly string[];
}

/** A decoder with its defaults. */
export interface Decoder extends DecoderDefaults {
  /** Name, such as `yolox`. */
  readonly name: string;
  /** Decodes the outputs. */
  readonly decode: Decode;
}
