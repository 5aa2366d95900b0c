import type { InputSize } from '../backbones/stages.ts';
import type { OutputOptions } from '../heads/head.ts';

/** Options that every detector has. */
export interface DetectorOptions extends OutputOptions {
  /** Side of the square input in pixels, or width and height. Multiples of 32. @default 416; for yolo-lite 224 */
  readonly size?: InputSize | undefined;
}
