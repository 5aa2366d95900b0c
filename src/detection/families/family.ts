import type { z } from 'zod';
import type { Size } from '../../boxes/formats.ts';
import type { InputRecipe } from '../../image/recipe/recipe.ts';
import type { AddBox, DecoderDefaults, DecoderView, Outputs } from '../decoders/decoder.ts';

/** An input or output of a graph. */
export interface GraphPort {
  readonly name: string;
  /** ONNX's name of the element type in lower case: `float`, `float16`, `uint8`, `int64` … */
  readonly type: string;
  /** Of an output for one image; an input's open axes are undefined. */
  readonly shape: readonly (number | undefined)[];
  /** As the file says: undefined for open axes. */
  readonly declared: readonly (number | undefined)[];
}

/** All that can be known of an ONNX file without trusting it. */
export interface GraphFacts {
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
  /** Free text that the exporter wrote into the file. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Small text files beside it that exporters write, by name: `config.json`, `infer_cfg.yml` … */
  readonly files: Readonly<Record<string, string>>;
  /** Who wrote it: `pytorch`, `tf2onnx` … */
  readonly producer: string;
  /** Operators it uses. */
  readonly operators: ReadonlySet<string>;
  /** Of the image that it takes. */
  readonly image: ImagePort;
}

/** The input that takes the image. */
export interface ImagePort {
  readonly name: string;
  readonly type: 'float' | 'float16' | 'uint8';
  /** Order of its axes. */
  readonly layout: 'nchw' | 'nhwc' | 'chw' | 'hwc';
  /** In pixels: the graph's own, or the size at which it was looked at if any will do. */
  readonly height: number;
  readonly width: number;
  /** Images that it takes at once. */
  readonly batch: number;
  /** Whether the graph takes this size only, as the file says. */
  readonly isFixed: boolean;
}

/** How strong the evidence is, strongest first. */
export const EVIDENCE = ['metadata', 'files', 'names', 'shapes'] as const;

export type Evidence = (typeof EVIDENCE)[number];

/** A family's word that a graph is one of its own. */
export interface Claim<P> {
  readonly by: Evidence;
  /** In words: `metadata task "detect"`, `output [1, 84, 8400]`. */
  readonly evidence: string;
  readonly parameters: P;
  /** How many classes the outputs have room for; undefined if these do not say. */
  readonly classCount: number | undefined;
  /** How many there may be, the usual first, if the shapes allow several: values on test images decide. */
  readonly classCounts?: readonly number[] | undefined;
  /** Names that come with the file. */
  readonly classes?: readonly string[] | undefined;
  /** What differs from the family's own recipe. */
  readonly recipe?: Partial<InputRecipe> | undefined;
  /** Side of the input in pixels, if the graph takes any and something tells. */
  readonly size?: number | Size | undefined;
  /** What the file says of where it comes from: free text by key. */
  readonly provenance?: Readonly<Record<string, string>> | undefined;
}

/** What the user says of a graph. */
export interface Given {
  /** Whether it is of this family: then looser evidence will do. */
  readonly isAsked: boolean;
  /** How many names of classes there are, if any. */
  readonly names: number | undefined;
}

/**
 * A family of detectors that speak alike. Sources: each family's own documentation; see docs/foreign-detectors.md.
 */
export interface Family<P = unknown> extends DecoderDefaults {
  /** As `--as` takes it and a model file keeps it. */
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  /** Of its usual code and weights; a file's own license may differ. */
  readonly license: string;
  readonly recipe: InputRecipe;
  /** Side of the input in pixels if the graph takes any and nothing tells. */
  readonly size: number;
  /** What a model file keeps of a recognized graph, beside the family's name. */
  readonly parameters: z.ZodType<P>;
  /** Whether a graph is of this family. */
  claim(graph: GraphFacts, given: Given): Claim<P> | undefined;
  /**
   * Whether outputs of a real image look as the family's do; asked only if several families claim a graph.
   * @default they do
   */
  isPlausible?(outputs: Outputs, parameters: P, view: DecoderView): boolean;
  /** Whether the graph itself suppresses, so that nothing is left to do. @default the family's `iouThreshold` decides */
  isSuppressed?(parameters: P): boolean;
  decode(outputs: Outputs, parameters: P, view: DecoderView, add: AddBox): void;
}

/** Keeps a family's parameters typed while lists hold all families alike. */
export function defineFamily<P>(family: Family<P>): Family {
  return family as unknown as Family;
}
