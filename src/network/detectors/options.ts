import type { InputSize } from '../backbones/stages.ts';
import type { OutputOptions } from '../heads/head.ts';

/** What every detector can be built for. */
export interface DetectorOptions extends OutputOptions {
  /** Side of the square input in pixels, or width and height; multiples of 32. @default 416; of yolo-lite 224 */
  readonly size?: InputSize | undefined;
}
