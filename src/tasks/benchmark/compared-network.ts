import type { Size } from '../../boxes/formats.ts';
import type { Cost } from '../../network/cost.ts';

/** Cost of a network, and its time on this machine, for one image. */
export interface ComparedNetwork extends Cost {
  /** Name of the network. */
  readonly name: string;
  /** Width and height of its input, in pixels. */
  readonly input: Size;
  /** Largest total size of feature maps in memory at once, in elements. */
  readonly activationMemory: number;
  /** Median milliseconds of the network alone on the CPU. Missing if it was not timed. */
  readonly milliseconds?: number;
  /** Operators of an imported graph that these numbers do not include. */
  readonly uncounted?: readonly string[];
  /** Bytes of the model's file. Missing for a network without one. */
  readonly bytes?: number;
  /** COCO's AP on the data, 0–1. Missing if it was not measured. */
  readonly AP?: number;
  /** COCO's AP50 on the data, 0–1. Missing if it was not measured. */
  readonly AP50?: number;
  /**
   * How the model was compressed, from its file: `optimized`, `low rank`, `distilled`, `pruned`, `quantized`. Missing
   * if it was not compressed.
   */
  readonly compression?: readonly string[];
  /** How the model was quantized, from its file: `int8, 28 of 29 convolutions …`. */
  readonly quantized?: string;
  /** Accuracy stored in the model's file, `AP 0.123, AP50 0.345 (val)`. */
  readonly accuracy?: string;
}
