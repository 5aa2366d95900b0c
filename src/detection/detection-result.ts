import type { ImageNote, RgbImage } from '../image/decode.ts';
import type { Outputs } from './decoders/decoder.ts';
import type { Detection } from './read-boxes.ts';

/** Time of each part, in milliseconds. */
export interface DetectTimings {
  /** Time for reading, decoding and resizing. */
  readonly decode: number;
  /** Time for running the network. */
  readonly network: number;
  /** Time for decoding the outputs, suppression and mapping back to the image. */
  readonly boxes: number;
}

/** Detections in one image, with details. */
export interface DetectionResult {
  /** Detections, best first. */
  readonly detections: readonly Detection[];
  /** Width of the upright image, in pixels. */
  readonly width: number;
  /** Height of the upright image, in pixels. */
  readonly height: number;
  /** Time of each part, in milliseconds. */
  readonly timings: DetectTimings;
  /** If nothing was detected: the best detection below the threshold, if its score is above 0.001. */
  readonly bestBelow?: Pick<Detection, 'label' | 'score'>;
  /** Pixels of the upright image. Only present if the recipe decodes the whole image. */
  readonly decoded?: RgbImage;
  /**
   * Feature maps named by `features`, usually [1, channels, rows, columns]. With tiles, those of the whole image.
   * Undefined if `features` is empty.
   */
  readonly features?: Outputs;
  /** A note about the image, such as a truncated file or 16-bit values. Undefined for most images. */
  readonly note?: ImageNote;
}
