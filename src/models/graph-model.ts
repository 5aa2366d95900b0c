import type { InputRecipe, Model, Provenance } from './model.ts';

/** How a graph receives an image. */
export interface GraphInput {
  /** Name of the input for the image. */
  readonly name: string;
  readonly type: 'float' | 'float16' | 'uint8';
  readonly layout: 'nchw' | 'nhwc' | 'chw' | 'hwc';
  /** Batch size of the graph. The image is repeated to fill it. */
  readonly batch: number;
  /** Width in pixels. */
  readonly width: number;
  readonly height: number;
  /** Other inputs of the graph, by name. */
  readonly extras: Readonly<Record<string, ExtraInput>>;
}

/** Values for an input other than the image: a row [1, …], or one number each. */
export interface ExtraInput {
  readonly type: 'float' | 'int64' | 'int32';
  readonly shape: readonly number[];
  readonly value: /** Input pixels per photo pixel, [y, x]. */
    | 'scale-yx'
    /** Height and width of the photo in pixels. */
    | 'photo-hw'
    | 'photo-wh'
    /** Height and width of the input in pixels. */
    | 'input-hw'
    /** 1 for each pixel of the image. */
    | 'pixel-mask';
}

/** The family whose decoder reads a graph's outputs, with its parameters. */
export interface DecoderSpec {
  readonly family: string;
  readonly parameters: unknown;
}

/** A detector from another library: its ONNX graph, and everything needed to use it. */
export interface GraphModel {
  readonly kind: 'graph';
  /** Name of the source file, for messages and reports. */
  readonly name: string;
  /** Bytes of the ONNX file, or its path if it has tensors in other files. */
  readonly onnx: Uint8Array | string;
  /** The graph's input for images. */
  readonly input: GraphInput;
  /** The decoder of its outputs. */
  readonly decoder: DecoderSpec;
  /** Class names in the order of the outputs. */
  readonly classes: readonly string[];
  /** How photographs become the network's input. */
  readonly recipe: InputRecipe;
  /** Origin of the model. */
  readonly provenance: Provenance;
}

/** A detector of this library, or an imported one. */
export type AnyModel = Model | GraphModel;

export function isGraphModel(model: AnyModel): model is GraphModel {
  return 'kind' in model && model.kind === 'graph';
}
