import { clipToImage, type Size, type XyxyPx, xywhToXyxy } from '../../src/boxes/formats.ts';
import { iou } from '../../src/boxes/iou.ts';
import type { Detection } from '../../src/detection/detector.ts';

/** A detection from a family's own code, in pixels of the image. */
export interface ReferenceDetection {
  readonly box: XyxyPx;
  readonly score: number;
  readonly class: number;
}

type Scored = Pick<ReferenceDetection, 'box' | 'score'>;

export interface Difference {
  /** Missing here, or extra. */
  readonly unmatched: number;
  /** Largest difference, in pixels of the image. */
  readonly boxDifference: number;
  /** Largest difference, 0–1. */
  readonly scoreDifference: number;
}

/** How close to a threshold a score can be to fall on either side of it. */
const EDGE = 2e-3;

/** Pairs each of the reference's boxes with our nearest one in place and score. */
export function compareDetections(
  found: readonly Detection[],
  expected: readonly ReferenceDetection[],
  picture: Size,
  threshold: number,
): Difference {
  // Some families clip boxes at the edges of the image and some do not: all are clipped here.
  const visible = <T extends Scored>(boxes: readonly T[]) =>
    new Set(
      boxes
        .map((entry) => ({ ...entry, box: clipToImage(entry.box, picture) }))
        .filter(({ box }) => box[2] > box[0] && box[3] > box[1]),
    );
  const left = visible(found.map(({ box, score }) => ({ box: xywhToXyxy(box), score })));
  const open = visible(expected);
  const near = [...open].flatMap((reference) =>
    [...left]
      .map((detection) => {
        const own = detection.box;
        const distance = Math.max(...own.map((side, i) => Math.abs(side - reference.box[i]!)));
        const scores = Math.abs(detection.score - reference.score);
        return { reference, detection, distance, scores, overlap: iou(own, reference.box) };
      })
      .filter(({ distance, scores, overlap }) => scores < 0.05 && (distance < 4 || overlap > 0.8)),
  );
  near.sort((a, b) => a.distance + 100 * a.scores - (b.distance + 100 * b.scores));
  let [boxDifference, scoreDifference] = [0, 0];
  for (const { reference, detection, distance, scores } of near) {
    if (!open.has(reference) || !left.has(detection)) continue;
    open.delete(reference);
    left.delete(detection);
    boxDifference = Math.max(boxDifference, distance);
    scoreDifference = Math.max(scoreDifference, scores);
  }
  const unmatched = [...open, ...left].filter(({ score }) => score > threshold + EDGE).length;
  return { unmatched, boxDifference, scoreDifference };
}

/** The worst of several images. */
export function worst(differences: readonly Difference[]): Difference {
  return {
    unmatched: differences.reduce((sum, { unmatched }) => sum + unmatched, 0),
    boxDifference: Math.max(0, ...differences.map(({ boxDifference }) => boxDifference)),
    scoreDifference: Math.max(0, ...differences.map(({ scoreDifference }) => scoreDifference)),
  };
}
