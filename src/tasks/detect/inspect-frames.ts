import { detectMany } from '../../detection/detect-many.ts';
import type { DetectionResult, Detector } from '../../detection/detector.ts';
import { untilStopped } from '../../foundation/abort.ts';
import type { RgbImage } from '../../image/decode.ts';
import type { VideoFrame } from '../../image/video/read-frames.ts';
import type { DetectOptions } from '../../options/detect.ts';

/** A frame and what was found in it. */
export type InspectedFrame = { readonly frame: VideoFrame; readonly result: DetectionResult };

/** How frames are processed. */
export interface FrameInspection {
  /** Whether late frames are dropped. */
  readonly dropLate: boolean;
  /** Aborts the work. */
  readonly signal: AbortSignal | undefined;
  /** Ends the work after the frames that have been read. */
  readonly finish: AbortSignal | undefined;
}

/**
 * Detects frame by frame. Prepares the next frames ahead, unless late frames are dropped: then none may wait. If it is
 * left early, it does not wait for the next frame.
 */
export async function* inspectFrames(
  detector: Detector,
  frames: AsyncGenerator<VideoFrame>,
  options: DetectOptions,
  { dropLate, signal, finish }: FrameInspection,
): AsyncGenerator<InspectedFrame> {
  const wanted = untilStopped(frames, finish);
  const waiting: VideoFrame[] = [];
  async function* images(): AsyncGenerator<RgbImage> {
    for await (const frame of wanted) {
      waiting.push(frame);
      yield frame.image;
    }
  }
  try {
    if (dropLate) {
      for await (const frame of wanted) yield { frame, result: await detector.inspect(frame.image, options) };
      return;
    }
    for await (const { result, error } of detectMany(detector, images(), { ...options, signal })) {
      if (error) throw error;
      yield { frame: waiting.shift()!, result };
    }
  } finally {
    await frames.return(undefined);
  }
}
