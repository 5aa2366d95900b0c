import { type XywhPx, type XyxyPx, xywhToXyxy } from '../boxes/formats.ts';
import { type BoxState, beginState, correctState, type Measurement, predictState } from './kalman.ts';

/** A detection as a tracker needs it. */
export interface TrackedDetection {
  /** Left, top, width, height in pixels. */
  readonly box: XywhPx;
  /** 0–1. */
  readonly score: number;
}

function measurementOf([left, top, width, height]: XywhPx): Measurement {
  return [left + width / 2, top + height / 2, width / height, height];
}

/** An object followed from frame to frame. */
export class Track<D extends TrackedDetection> {
  /** From 1, in the order of their beginnings. */
  readonly id: number;
  readonly startFrame: number;
  /** Latest frame that it was seen in. */
  frame: number;
  /** What was seen then. */
  detection: D;
  state: 'tracked' | 'lost' | 'removed' = 'tracked';
  /** Whether it was seen twice, or in the first frame: until then it may be an error. */
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

  /** Where it is believed to be: left, top, width, height in pixels. */
  get box(): XywhPx {
    const [x, y, aspect, height] = this.#box.mean;
    const width = aspect! * height!;
    return [x! - width / 2, y! - height! / 2, width, height!];
  }

  get corners(): XyxyPx {
    return xywhToXyxy(this.box);
  }

  /** Moves on by a frame. The height of one that is not seen stays. */
  predict(): void {
    const { mean, covariance } = this.#box;
    const still = this.state === 'tracked' ? mean : mean.map((value, index) => (index === 7 ? 0 : value));
    this.#box = predictState({ mean: still, covariance });
  }

  /** It was seen, perhaps again after a while. */
  see(detection: D, frame: number): void {
    this.#box = correctState(this.#box, measurementOf(detection.box));
    this.state = 'tracked';
    this.isConfirmed = true;
    this.frame = frame;
    this.detection = detection;
  }
}
