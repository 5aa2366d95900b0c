import { ByteTracker, type ByteTrackOptions } from './byte-track.ts';
import type { Track, TrackedDetection } from './track.ts';

/** A detection of one of several classes. */
export interface ClassifiedDetection extends TrackedDetection {
  readonly classId: number;
}

/** Follows objects of several classes, each class by itself: a dog never becomes a person. Ids are of all together. */
export class ObjectTracker<D extends ClassifiedDetection> {
  readonly #options: ByteTrackOptions;
  readonly #trackers = new Map<number, ByteTracker<D>>();
  #frame = 0;
  #lastId = 0;

  /** @throws MicroYoloError `invalid-argument` */
  constructor(options: ByteTrackOptions = {}) {
    this.#options = options;
    // Complains now and not at the first frame.
    new ByteTracker<D>(options);
  }

  /**
   * Takes the next frame's detections. Those without a width or height are left out.
   * @returns the tracks that are seen in it, by class and then by age
   * @throws MicroYoloError `invalid-argument` for a box that is not finite
   */
  update(detections: readonly D[]): readonly Track<D>[] {
    const usable = detections.filter(({ box }) => !(box[2] <= 0 || box[3] <= 0));
    for (const { classId } of usable) this.#add(classId);
    this.#frame++;
    return [...this.#trackers].flatMap(([classId, tracker]) =>
      tracker.update(usable.filter((detection) => detection.classId === classId)),
    );
  }

  #add(classId: number): void {
    if (this.#trackers.has(classId)) return;
    const shared = { nextId: () => ++this.#lastId, frame: this.#frame };
    this.#trackers.set(classId, new ByteTracker<D>(this.#options, shared));
  }
}
