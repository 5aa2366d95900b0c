import { type XywhPx, type XyxyPx, xywhToXyxy } from '../formats.ts';
import { type BoxState, beginState, correctState, type Measurement, predictState } from './kalman.ts';

/** A detection for a tracker. */
export interface TrackedDetection {
  /** Left, top, width, height in pixels. */
  readonly box: XywhPx;
  /** Score, 0–1. */
  readonly score: number;
}

function measurementOf([left, top, width, height]: XywhPx): Measurement {
  return [left + width / 2, top + height / 2, width / height, height];
}

/** An object followed from frame to frame. */
export class Track<D extends TrackedDetection> {
  /** Id, from 1, in the order in which tracks start. */
  readonly id: number;
  /** Number of the frame in which the track started, from 1. */
  readonly startFrame: number;
  /** Number of the latest frame in which it was detected. */
  frame: number;
  /** The detection in that frame. */
  detection: D;
  /** `tracked`: visible. `lost`: not visible, but may be found again. `removed`: given up. @default 'tracked' */
  state: 'tracked' | 'lost' | 'removed' = 'tracked';
  /** Whether it was detected twice, or in the first frame. Until then, it may be a false detection. */
  isConfirmed: boolean;
  #box: BoxState;

  constructor(id: number, detection: D, frame: number) {
    this.id = id;
    this.startFrame = frame;
    this.frame = frame;
    this.detection = detection;
    this.isConfirmed = frame === 1;
    this.#box = beginState(measurementOf(detection.box));
  }

  /** Estimated position: left, top, width, height in pixels. */
  get box(): XywhPx {
    const [x, y, aspect, height] = this.#box.mean;
    const width = aspect! * height!;
    return [x! - width / 2, y! - height! / 2, width, height!];
  }

  /** Estimated position: left, top, right, bottom in pixels. */
  get corners(): XyxyPx {
    return xywhToXyxy(this.box);
  }

  /** Predicts the position in the next frame. The height of an undetected track does not change. */
  predict(): void {
    const { mean, covariance } = this.#box;
    const still = this.state === 'tracked' ? mean : mean.map((value, index) => (index === 7 ? 0 : value));
    this.#box = predictState({ mean: still, covariance });
  }

  /** Updates the track with a detection. Several frames may have passed since the last one. */
  see(detection: D, frame: number): void {
    this.#box = correctState(this.#box, measurementOf(detection.box));
    this.state = 'tracked';
    this.isConfirmed = true;
    this.frame = frame;
    this.detection = detection;
  }
}
