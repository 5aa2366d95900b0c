import type { NetworkBuilder } from '../../../network/builder.ts';

/** Added to the variance, as in OpenCV. Darknet's versions differ in where they add it. */
export const BATCH_NORM_EPSILON = 1e-6;

/** A convolution's parameters in the weights file. */
export interface DarknetConvolution {
  /** Layer with the weight, and with the bias if no norm follows. */
  readonly conv: string;
  readonly norm: string | undefined;
}

/** State that sections share during conversion. */
export interface SectionContext {
  readonly builder: NetworkBuilder;
  /** Output layer of every section so far, for routes. */
  readonly sections: string[];
  readonly convolutions: DarknetConvolution[];
}
