import type { Size } from '../../boxes/formats.ts';
import type { Detection, DetectionResult } from '../../detection/detector.ts';

/** An object in a frame. */
export interface FrameDetection extends Detection {
  /** Of the object, if it is tracked: the same in every frame. */
  readonly id?: number;
}

/** Crossings of a line, looking from its start to its end. */
export interface LineCounts {
  /** Crossings from left to right. */
  readonly right: number;
  /** Crossings from right to left. */
  readonly left: number;
}

/** Objects in a zone. */
export interface ZoneCounts {
  /** Objects in it now. */
  readonly inside: number;
  /** Number of objects that entered. */
  readonly entered: number;
  /** Number of objects that left. */
  readonly left: number;
}

/** What was counted up to a frame. */
export interface FrameCounts {
  /** Of each line. */
  readonly lines: readonly LineCounts[];
  /** Of each zone. */
  readonly zones: readonly ZoneCounts[];
}

/** What was found in a frame. */
export interface FrameDetections extends Size, FrameCounts, Pick<DetectionResult, 'timings'> {
  /** Its number in the video, from 0. */
  readonly frame: number;
  /** Seconds from the video's beginning. */
  readonly time: number;
  /** With tracking the objects that are followed, at the places where they are believed to be. */
  readonly detections: readonly FrameDetection[];
  /** Milliseconds for drawing and writing. */
  readonly drawing: number;
}
