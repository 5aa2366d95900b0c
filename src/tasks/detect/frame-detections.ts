import type { Size } from '../../boxes/formats.ts';
import type { Detection, DetectionResult } from '../../detection/detector.ts';

/** An object in a frame. */
export interface FrameDetection extends Detection {
  /** Of the object, if it is tracked: the same in every frame. */
  readonly id?: number;
}

/** What was counted up to a frame. */
export interface FrameCounts {
  /** Of each line: crossings to its right and to its left, looking from its start to its end. */
  readonly lines: readonly { readonly right: number; readonly left: number }[];
  /** Of each zone: objects in it now, and how many came in and went out. */
  readonly zones: readonly { readonly inside: number; readonly entered: number; readonly left: number }[];
}

export interface FrameDetections extends Size, FrameCounts, Pick<DetectionResult, 'timings'> {
  /** Its number in the video, from 0. */
  readonly frame: number;
  /** Seconds from the video's beginning. */
  readonly time: number;
  /** With tracking the objects that are followed, at the places where they are believed to be. */
  readonly detections: readonly FrameDetection[];
  /** Milliseconds that drawing and writing took. */
  readonly drawing: number;
}
