import { ByteTracker, type ByteTrackOptions } from './byte-track.ts';
import type { Track, TrackedDetection } from './track.ts';

/** A detection with a class. */
export interface ClassifiedDetection extends TrackedDetection {
  /** Class index, from 0. Only detections of one class form a track. */
  readonly classId: number;
}

/** Follows objects of several classes, each class separately. Ids are unique across classes. */
export class ObjectTracker<D extends ClassifiedDetection> {
  readonly #options: ByteTrackOptions;
  readonly #trackers = new Map<number, ByteTracker<D>>();
  #frame = 0;
  #lastId = 0;

  /** @throws MicroYoloError `invalid-argument` */
  constructor(options: ByteTrackOptions = {}) {
    this.#options = options;
    // Reports invalid options now, and not in the first frame.
    new ByteTracker<D>(options);
  }

  /**
   * Processes the detections of the next frame. Detections without a width or height are skipped.
   * @returns the tracks that are visible in this frame, by class and then by age
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
