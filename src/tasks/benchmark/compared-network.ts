import type { Size } from '../../boxes/formats.ts';
import type { Cost } from '../../network/cost.ts';

/** A network's cost, and what it takes where this runs, for one image. */
export interface ComparedNetwork extends Cost {
  /** Name of the network. */
  readonly name: string;
  /** Width and height of its input in pixels. */
  readonly input: Size;
  /** Largest sum of feature maps alive at once, in elements. */
  readonly activationMemory: number;
  /** Median milliseconds of the network alone on the CPU; none where it was not timed. */
  readonly milliseconds?: number;
  /** Operators of a graph that others made whose cost these numbers leave out. */
  readonly uncounted?: readonly string[];
  /** Of the model's file; none of a network without one. */
  readonly bytes?: number;
  /** COCO's AP on the data, 0–1; none where it was not measured. */
  readonly AP?: number;
  /** COCO's AP50 on the data, 0–1; none where it was not measured. */
  readonly AP50?: number;
  /** How the model's file says it was quantized: `int8, 28 of 29 convolutions …`. */
  readonly quantized?: string;
  /** What the model's file says of its evaluation, `AP 0.123, AP50 0.345 (val)`. */
  readonly accuracy?: string;
}
