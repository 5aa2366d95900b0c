import type { Size } from '../../boxes/formats.ts';
import type { Detection, DetectionResult } from '../../detection/detector.ts';

/** An object in a frame. */
export interface FrameDetection extends Detection {
  /** Id of the tracked object, the same in every frame. Missing without tracking. */
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
  /** Number of objects in the zone now. */
  readonly inside: number;
  /** Number of objects that entered. */
  readonly entered: number;
  /** Number of objects that left. */
  readonly left: number;
}

/** Counts up to and including a frame. */
export interface FrameCounts {
  /** Counts of each line. */
  readonly lines: readonly LineCounts[];
  /** Counts of each zone. */
  readonly zones: readonly ZoneCounts[];
}

/** Detections in a frame. */
export interface FrameDetections extends Size, FrameCounts, Pick<DetectionResult, 'timings'> {
  /** Index of the frame in the video, from 0. */
  readonly frame: number;
  /** Seconds since the start of the video. */
  readonly time: number;
  /** Detections. With tracking, the tracked objects at their estimated positions. */
  readonly detections: readonly FrameDetection[];
  /** Milliseconds for drawing and writing. */
  readonly drawing: number;
}
