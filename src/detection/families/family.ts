import type { z } from 'zod';
import type { Size } from '../../boxes/formats.ts';
import type { InputRecipe } from '../../image/recipe/recipe.ts';
import type { AddBox, DecoderDefaults, DecoderView, Outputs } from '../decoders/decoder.ts';

/** An input or output of a graph. */
export interface GraphPort {
  readonly name: string;
  /** ONNX element type in lower case: `float`, `float16`, `uint8`, `int64` … */
  readonly type: string;
  /** For an output, its shape for one image. For an input, open axes are undefined. */
  readonly shape: readonly (number | undefined)[];
  /** Shape as declared in the file. Open axes are undefined. */
  readonly declared: readonly (number | undefined)[];
}

/** Facts about an ONNX file that can be read without trusting it. */
export interface GraphFacts {
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
  /** Free text that the exporter wrote into the file. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Small text files beside it that exporters write, by name: `config.json`, `infer_cfg.yml` … */
  readonly files: Readonly<Record<string, string>>;
  /** Program that wrote it: `pytorch`, `tf2onnx` … */
  readonly producer: string;
  /** Operators it uses. */
  readonly operators: ReadonlySet<string>;
  /** The image input. */
  readonly image: ImagePort;
}

/** The input that takes the image. */
export interface ImagePort {
  readonly name: string;
  readonly type: 'float' | 'float16' | 'uint8';
  /** Order of its axes. */
  readonly layout: 'nchw' | 'nhwc' | 'chw' | 'hwc';
  /** Height and width in pixels: the graph's own, or those of the test run if any size is accepted. */
  readonly height: number;
  readonly width: number;
  /** Number of images per run. */
  readonly batch: number;
  /** Whether the file declares that the graph accepts only this size. */
  readonly isFixed: boolean;
}

/** Kinds of evidence, strongest first. */
export const EVIDENCE = ['metadata', 'files', 'names', 'shapes'] as const;

export type Evidence = (typeof EVIDENCE)[number];

/** A family's claim that a graph belongs to it. */
export interface Claim<P> {
  readonly by: Evidence;
  /** Evidence in words: `metadata task "detect"`, `output [1, 84, 8400]`. */
  readonly evidence: string;
  readonly parameters: P;
  /** Number of classes in the outputs. Undefined if they do not tell. */
  readonly classCount: number | undefined;
  /** Possible numbers of classes, the usual one first, if the shapes allow several. Values on test images decide. */
  readonly classCounts?: readonly number[] | undefined;
  /** Class names that come with the file. */
  readonly classes?: readonly string[] | undefined;
  /** Differences from the family's recipe. */
  readonly recipe?: Partial<InputRecipe> | undefined;
  /** Size of the input in pixels, if the graph accepts any size and a file states one. */
  readonly size?: number | Size | undefined;
  /** Where the file comes from, as it states: free text by key. */
  readonly provenance?: Readonly<Record<string, string>> | undefined;
}

/** What the user states about a graph. */
export interface Given {
  /** Whether the user names this family. Weaker evidence is then enough. */
  readonly isAsked: boolean;
  /** Number of class names, if known. */
  readonly names: number | undefined;
}

/**
 * A family of detectors with the same inputs and outputs. Sources: each family's own documentation; see
 * docs/foreign-detectors.md.
 */
export interface Family<P = unknown> extends DecoderDefaults {
  /** Name for `--as` and for model files. */
  readonly name: string;
  /** Name for users. */
  readonly title: string;
  /** License of its usual code and weights. A file's own license may differ. */
  readonly license: string;
  readonly recipe: InputRecipe;
  /** Side of the input in pixels, if the graph accepts any size and no file states one. */
  readonly size: number;
  /** What a model file stores about a recognized graph, besides the family's name. */
  readonly parameters: z.ZodType<P>;
  /** Returns a claim if a graph may be of this family. */
  claim(graph: GraphFacts, given: Given): Claim<P> | undefined;
  /**
   * Whether outputs for a test image look like the family's. Called if several families claim a graph, or if the
   * evidence is weak.
   * @default they do
   */
  isPlausible?(outputs: Outputs, parameters: P, view: DecoderView): boolean;
  /** Whether the graph suppresses boxes itself. @default the family's `iouThreshold` decides */
  isSuppressed?(parameters: P): boolean;
  decode(outputs: Outputs, parameters: P, view: DecoderView, add: AddBox): void;
}

/** Type-checks a family's parameters, and returns it with the type that lists of families need. */
export function defineFamily<P>(family: Family<P>): Family {
  return family as unknown as Family;
}
