import type { XyxyPx } from './formats.ts';
import { iou } from './iou.ts';

/** Boxes that are assumed to show the same object. */
export class BoxCluster {
  #weights = 0;
  readonly #sums = [0, 0, 0, 0];
  #count = 0;

  add(box: XyxyPx, score: number): void {
    this.#weights += score;
    for (let side = 0; side < 4; side++) this.#sums[side]! += box[side]! * score;
    this.#count++;
  }

  get count(): number {
    return this.#count;
  }

  get meanScore(): number {
    return this.#weights / this.#count;
  }

  /** The mean of the boxes, weighted by their scores. */
  get box(): XyxyPx {
    const [left, top, right, bottom] = this.#sums.map((sum) => sum / this.#weights);
    return [left!, top!, right!, bottom!];
  }
}

/** Clusters of the boxes of one class, as in weighted boxes fusion. Add the best box first. */
export class BoxClusters {
  readonly clusters: BoxCluster[] = [];
  readonly #boxes: XyxyPx[] = [];
  readonly #threshold: number;

  /** @param iouThreshold boxes with a higher IoU are one object, 0–1 */
  constructor(iouThreshold: number) {
    this.#threshold = iouThreshold;
  }

  /**
   * Adds a box to the cluster whose mean it overlaps most. If that IoU is not above the threshold, the box starts a new
   * cluster.
   */
  add(box: XyxyPx, score: number): void {
    let [place, most] = [-1, this.#threshold];
    for (const [index, fused] of this.#boxes.entries()) {
      const overlap = iou(fused, box);
      if (overlap > most) [place, most] = [index, overlap];
    }
    if (place < 0) place = this.clusters.push(new BoxCluster()) - 1;
    const cluster = this.clusters[place]!;
    cluster.add(box, score);
    // Boxes with score 0 have no weighted mean.
    if (cluster.count === 1) this.#boxes[place] = box;
    else if (score > 0) this.#boxes[place] = cluster.box;
  }

  /** The mean box of each cluster. For a single box, that box itself. */
  get boxes(): readonly XyxyPx[] {
    return this.#boxes;
  }
}
