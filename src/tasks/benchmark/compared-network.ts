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
  /** Accuracy stored in the model's file, `AP 0.123, AP50 0.345 (val)`. */
  readonly accuracy?: string;
}
