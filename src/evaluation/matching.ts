import type { DetectionTable, TruthTable } from './tables.ts';

/** A range of object areas in square pixels, including both ends. */
export interface AreaRange {
  /** Name, such as `small`. */
  readonly name: string;
  /** Smallest area in square pixels, included. */
  readonly least: number;
  /** Largest area in square pixels, included. */
  readonly most: number;
}

/** Outcome of a detection. */
export const OUTCOME = { falsePositive: 0, truePositive: 1, ignored: 2 } as const;

/**
 * Matches the detections of one image (and category) to its truths, for every area range and IoU threshold, as COCO
 * does. Detections choose, best first, the unmatched truth with the largest overlap. Crowds and truths outside the area
 * range are chosen only if no other truth matches. Detections matched to them are ignored, and so are unmatched
 * detections outside the range.
 */
export class Matcher {
  readonly #truths: TruthTable;
  readonly #detections: DetectionTable;
  readonly #areas: readonly AreaRange[];
  /** Capped just below 1, as in COCO, so that an exact overlap passes threshold 1. */
  readonly #thresholds: Float64Array;
  #overlaps = new Float64Array(256);
  #order = new Int32Array(16);
  #ignored = new Uint8Array(16);
  #taken = new Uint8Array(16);

  constructor(
    truths: TruthTable,
    detections: DetectionTable,
    areas: readonly AreaRange[],
    thresholds: readonly number[],
  ) {
    this.#truths = truths;
    this.#detections = detections;
    this.#areas = areas;
    this.#thresholds = Float64Array.from(thresholds, (threshold) => Math.min(threshold, 1 - 1e-10));
  }

  /**
   * @param truthRows truths of the image, in the order of the annotations
   * @param detectionRows detections of the image, best first
   * @param positives for each area range, increased by the number of truths that count
   * @param outcome called with area range, threshold, detection and outcome
   */
  match(
    truthRows: Int32Array,
    detectionRows: Int32Array,
    positives: Int32Array,
    outcome: (area: number, threshold: number, detection: number, outcome: number) => void,
  ): void {
    const truthCount = truthRows.length;
    this.#reserve(truthCount, detectionRows.length);
    this.#measureOverlaps(truthRows, detectionRows);
    for (let area = 0; area < this.#areas.length; area++) {
      const range = this.#areas[area]!;
      const counted = this.#orderTruths(truthRows, range);
      positives[area]! += counted;
      for (let threshold = 0; threshold < this.#thresholds.length; threshold++) {
        this.#taken.fill(0, 0, truthCount);
        for (let d = 0; d < detectionRows.length; d++) {
          const found = this.#choose(d, truthRows, counted, this.#thresholds[threshold]!);
          outcome(area, threshold, d, this.#judge(found, detectionRows[d]!, truthRows, range));
        }
      }
    }
  }

  #reserve(truths: number, detections: number): void {
    if (truths * detections > this.#overlaps.length)
      this.#overlaps = new Float64Array(2 * truths * detections);
    if (truths > this.#order.length) {
      this.#order = new Int32Array(2 * truths);
      this.#ignored = new Uint8Array(2 * truths);
      this.#taken = new Uint8Array(2 * truths);
    }
  }

  /** IoU of each detection with each truth. For a crowd, the share of the detection inside it. */
  #measureOverlaps(truthRows: Int32Array, detectionRows: Int32Array): void {
    const [truth, found, crowd] = [this.#truths.boxes, this.#detections.boxes, this.#truths.crowd];
    let at = 0;
    for (let d = 0; d < detectionRows.length; d++) {
      const row = 4 * detectionRows[d]!;
      const left = found[row]!;
      const top = found[row + 1]!;
      const width = found[row + 2]!;
      const height = found[row + 3]!;
      for (let t = 0; t < truthRows.length; t++, at++) {
        const other = 4 * truthRows[t]!;
        const x = truth[other]!;
        const y = truth[other + 1]!;
        const w = truth[other + 2]!;
        const h = truth[other + 3]!;
        const across = Math.min(left + width, x + w) - Math.max(left, x);
        const down = Math.min(top + height, y + h) - Math.max(top, y);
        if (!(across > 0 && down > 0)) {
          this.#overlaps[at] = 0;
          continue;
        }
        const shared = across * down;
        const area = width * height;
        this.#overlaps[at] = shared / (crowd[truthRows[t]!] ? area : area + w * h - shared);
      }
    }
  }

  /** Sorts the truths that count in this range first, and returns their number. */
  #orderTruths(truthRows: Int32Array, { least, most }: AreaRange): number {
    const { areas, crowd } = this.#truths;
    let counted = 0;
    for (let t = 0; t < truthRows.length; t++) {
      const row = truthRows[t]!;
      this.#ignored[t] = crowd[row] || areas[row]! < least || areas[row]! > most ? 1 : 0;
      if (!this.#ignored[t]) this.#order[counted++] = t;
    }
    let next = counted;
    for (let t = 0; t < truthRows.length; t++) if (this.#ignored[t]) this.#order[next++] = t;
    return counted;
  }

  /** Returns the truth for detection d, or −1. */
  #choose(d: number, truthRows: Int32Array, counted: number, threshold: number): number {
    const { crowd } = this.#truths;
    const base = d * truthRows.length;
    let [best, found] = [threshold, -1];
    for (let place = 0; place < truthRows.length; place++) {
      const t = this.#order[place]!;
      if (this.#taken[t] && !crowd[truthRows[t]!]) continue;
      // All remaining truths are ignored ones, which never replace a truth that counts.
      if (place >= counted && found >= 0 && !this.#ignored[found]) break;
      const overlap = this.#overlaps[base + t]!;
      if (overlap < best) continue;
      best = overlap;
      found = t;
    }
    if (found >= 0) this.#taken[found] = 1;
    return found;
  }

  #judge(found: number, detection: number, truthRows: Int32Array, { least, most }: AreaRange): number {
    // pycocotools marks a match by the annotation's id, so it does not see matches with id 0.
    const seen = found >= 0 && this.#truths.ids[truthRows[found]!] !== 0;
    if (found >= 0 && this.#ignored[found]) return OUTCOME.ignored;
    if (seen) return OUTCOME.truePositive;
    const { areas, boxes } = this.#detections;
    const area = areas ? areas[detection]! : boxes[4 * detection + 2]! * boxes[4 * detection + 3]!;
    return area < least || area > most ? OUTCOME.ignored : OUTCOME.falsePositive;
  }
}
