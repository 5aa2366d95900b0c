import { grown } from '../foundation/grown.ts';

/** A growing list of scored boxes, in columns. */
export class DetectionList {
  #count = 0;
  #imageIds = new Float64Array(1024);
  #categoryIds = new Float64Array(1024);
  #boxes = new Float64Array(4 * 1024);
  #scores = new Float64Array(1024);

  /** Number of detections. */
  get count(): number {
    return this.#count;
  }

  /** Image id of each detection, as in the data set. */
  get imageIds(): Float64Array {
    return this.#imageIds.subarray(0, this.#count);
  }

  /** Category id of each detection, as in the data set. */
  get categoryIds(): Float64Array {
    return this.#categoryIds.subarray(0, this.#count);
  }

  /** Left, top, width, height of each detection in pixels. */
  get boxes(): Float64Array {
    return this.#boxes.subarray(0, 4 * this.#count);
  }

  /** Score of each detection, 0–1. */
  get scores(): Float64Array {
    return this.#scores.subarray(0, this.#count);
  }

  /**
   * Adds a detection.
   * @param box left, top, width, height in pixels of the upright image
   */
  add(imageId: number, categoryId: number, box: ArrayLike<number>, score: number): void {
    if (this.#count === this.#scores.length) this.#grow();
    const row = this.#count++;
    this.#imageIds[row] = imageId;
    this.#categoryIds[row] = categoryId;
    this.#scores[row] = score;
    for (let side = 0; side < 4; side++) this.#boxes[4 * row + side] = box[side]!;
  }

  #grow(): void {
    const capacity = 2 * this.#scores.length;
    this.#imageIds = grown(this.#imageIds, capacity);
    this.#categoryIds = grown(this.#categoryIds, capacity);
    this.#boxes = grown(this.#boxes, 4 * capacity);
    this.#scores = grown(this.#scores, capacity);
  }
}
