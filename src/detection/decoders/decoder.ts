import type { AddBox } from '../../boxes/decode-heads.ts';
import type { Size, XyxyPx } from '../../boxes/formats.ts';
import type { InputRecipe } from '../../image/recipe.ts';

export type { AddBox };

/** A network's output, row-major. Whole numbers and halves come as floats too. */
export interface OutputTensor {
  /** Sizes of its axes. */
  readonly shape: readonly number[];
  /** In row-major order. */
  readonly data: Float32Array;
}

/** A network's outputs by name. */
export type Outputs = Readonly<Record<string, OutputTensor>>;

/** What a decoder may know of the image that the outputs are of. */
export interface DecoderView {
  /** Of the network's input, in pixels. */
  readonly input: Size;
  /** Of the upright photo, in pixels. */
  readonly original: Size;
  /** How many classes the model has names for. */
  readonly classes: number;
  /** Only scores above this count, 0–1. */
  readonly scoreThreshold: number;
  /** Whether a box counts once for each class above the threshold, or for its best class only. */
  readonly multiLabel: boolean;
  /** A box in pixels of the input, from pixels of the photo. */
  fromPhoto(box: XyxyPx): XyxyPx;
}

/** Turns a network's outputs for one image into scored boxes. It suppresses nothing. */
export type Decode = (outputs: Outputs, view: DecoderView, add: AddBox) => void;

/** What goes with a decoder if nothing else is asked for. */
export interface DecoderDefaults {
  /** Of two boxes of a class that overlap by more (IoU, 0–1), the worse goes; 1 if the graph has suppressed already. */
  readonly iouThreshold: number;
  /** Scores that count in an evaluation, 0–1: the family's own. */
  readonly evaluationThreshold: number;
  /** Whether `detect` counts a box once for each class, not for the best only. */
  readonly multiLabel: boolean;
}

/** A decoder that a user wrote, with all it takes to use a graph. */
export interface CustomDecoder extends Decoder {
  /** How images are prepared. What is left out is as usual. */
  readonly recipe: InputRecipe;
  /** Class names, if not those in the file. */
  readonly classes?: readonly string[];
}

/** A decoder with what goes with it. */
export interface Decoder extends DecoderDefaults {
  /** Such as `yolox`. */
  readonly name: string;
  /** Reads the outputs. */
  readonly decode: Decode;
}
