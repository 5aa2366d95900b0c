import type { ImageNote, RgbImage } from '../image/decode.ts';
import type { Detection } from './read-boxes.ts';

/** Milliseconds each part took. */
export interface DetectTimings {
  /** Reading, decoding and resizing. */
  readonly decode: number;
  readonly network: number;
  /** Head decoding, suppression and mapping back. */
  readonly boxes: number;
}

export interface DetectionResult {
  /** Best first. */
  readonly detections: readonly Detection[];
  /** Of the upright image, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly timings: DetectTimings;
  /** Where nothing was found: what scored best of all that the threshold left out, if it scored over 0.001. */
  readonly bestBelow?: Pick<Detection, 'label' | 'score'>;
  /** The upright image's pixels, where the recipe took decoding it whole. */
  readonly decoded?: RgbImage;
  /** What to know about the image: that its file lacks its end, or how its 16 bits were read. Missing for most. */
  readonly note?: ImageNote;
}
