import type { ImageNote, RgbImage } from '../image/decode.ts';
import type { Outputs } from './decoders/decoder.ts';
import type { Detection } from './read-boxes.ts';

/** Milliseconds each part took. */
export interface DetectTimings {
  /** Reading, decoding and resizing. */
  readonly decode: number;
  /** Running the network. */
  readonly network: number;
  /** Head decoding, suppression and mapping back. */
  readonly boxes: number;
}

/** Detections in one image, and what to know about it. */
export interface DetectionResult {
  /** Best first. */
  readonly detections: readonly Detection[];
  /** Of the upright image, in pixels. */
  readonly width: number;
  /** Of the upright image, in pixels. */
  readonly height: number;
  /** How long the parts took. */
  readonly timings: DetectTimings;
  /** Where nothing was found: what scored best of all that the threshold left out, if it scored over 0.001. */
  readonly bestBelow?: Pick<Detection, 'label' | 'score'>;
  /** The upright image's pixels, where the recipe took decoding it whole. */
  readonly decoded?: RgbImage;
  /** Maps that `features` names, mostly [1, channels, rows, columns]; with tiles those of the whole image. Missing if it names none. */
  readonly features?: Outputs;
  /** What to know about the image: that its file lacks its end, or how its 16 bits were read. Missing for most. */
  readonly note?: ImageNote;
}
