import type { InputRecipe, Model, Provenance } from './model.ts';

/** How a graph takes an image. */
export interface GraphInput {
  /** Of the input that takes the image. */
  readonly name: string;
  readonly type: 'float' | 'float16' | 'uint8';
  readonly layout: 'nchw' | 'nhwc' | 'chw' | 'hwc';
  /** Images that it takes at once: an image is repeated so often. */
  readonly batch: number;
  /** Width of lines, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Inputs beside the image: what each wants to know, by name. */
  readonly extras: Readonly<Record<string, ExtraInput>>;
}

/** What a graph wants to know beside the image, one row [1, …] or one number each. */
export interface ExtraInput {
  readonly type: 'float' | 'int64' | 'int32';
  readonly shape: readonly number[];
  readonly value: /** Input pixels a photo pixel, [y, x]. */
    | 'scale-yx'
    /** The photo's sides in pixels. */
    | 'photo-hw'
    | 'photo-wh'
    /** The input's sides in pixels. */
    | 'input-hw'
    /** 1 for each pixel of the image. */
    | 'pixel-mask';
}

/** Which family's decoder reads a graph's outputs, and what it must know of them. */
export interface DecoderSpec {
  readonly family: string;
  readonly parameters: unknown;
}

/** A detector that others made: its ONNX graph, and all it takes to use it. */
export interface GraphModel {
  readonly kind: 'graph';
  /** Of the file it comes from, for messages and reports. */
  readonly name: string;
  /** The ONNX file's bytes, or its path if it has files of tensors beside it. */
  readonly onnx: Uint8Array | string;
  /** What the graph takes. */
  readonly input: GraphInput;
  /** What reads its outputs. */
  readonly decoder: DecoderSpec;
  /** Class names in the order of the outputs. */
  readonly classes: readonly string[];
  /** How photographs become its input. */
  readonly recipe: InputRecipe;
  /** Where it comes from. */
  readonly provenance: Provenance;
}

/** A detector of this library, or one that others made. */
export type AnyModel = Model | GraphModel;

export function isGraphModel(model: AnyModel): model is GraphModel {
  return 'kind' in model && model.kind === 'graph';
}
