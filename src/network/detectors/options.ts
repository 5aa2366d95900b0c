import type { InputSize } from '../backbones/stages.ts';
import type { OutputOptions } from '../heads/head.ts';

/** Options that every detector accepts. */
export interface DetectorOptions extends OutputOptions {
  /** Side of the square input in pixels, or width and height. Multiples of 32. @default 416, or 224 for yolo-lite */
  readonly size?: InputSize | undefined;
}
