import { grown } from '../foundation/grown.ts';

/** Scored boxes in flat arrays, for decoders and suppression. This avoids one object per box. */
export class Candidates {
  #capacity = 64;
  #count = 0;
  #boxes = new Float64Array(4 * this.#capacity);
  #scores = new Float32Array(this.#capacity);
  #classIds = new Int32Array(this.#capacity);

  /** Number of boxes. */
  get count(): number {
    return this.#count;
  }

  /** [left, top, right, bottom] of each box, in pixels of the network input. */
  get boxes(): Float64Array {
    return this.#boxes.subarray(0, 4 * this.#count);
  }

  /** Score of each box, 0–1. */
  get scores(): Float32Array {
    return this.#scores.subarray(0, this.#count);
  }

  /** Class index of each box, from 0. */
  get classIds(): Int32Array {
    return this.#classIds.subarray(0, this.#count);
  }

  /** Adds a box in pixels of the network input, with its score (0–1) and class index. */
  add(left: number, top: number, right: number, bottom: number, score: number, classId: number): void {
    if (this.#count === this.#capacity) this.#grow();
    this.#boxes[4 * this.#count] = left;
    this.#boxes[4 * this.#count + 1] = top;
    this.#boxes[4 * this.#count + 2] = right;
    this.#boxes[4 * this.#count + 3] = bottom;
    this.#scores[this.#count] = score;
    this.#classIds[this.#count] = classId;
    this.#count++;
  }

  /** Returns the candidates for which `isWanted` returns true, given their index. */
  where(isWanted: (index: number) => boolean): Candidates {
    return this.picked(Array.from({ length: this.#count }, (_, index) => index).filter(isWanted));
  }

  /** Returns the candidates at these indices, in this order. */
  picked(places: readonly number[]): Candidates {
    const kept = new Candidates();
    const { boxes, scores, classIds } = this;
    for (const i of places) {
      kept.add(
        boxes[4 * i]!,
        boxes[4 * i + 1]!,
        boxes[4 * i + 2]!,
        boxes[4 * i + 3]!,
        scores[i]!,
        classIds[i]!,
      );
    }
    return kept;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#boxes = grown(this.#boxes, 4 * this.#capacity);
    this.#scores = grown(this.#scores, this.#capacity);
    this.#classIds = grown(this.#classIds, this.#capacity);
  }
}
