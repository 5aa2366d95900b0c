import { MicroYoloError } from '../foundation/errors/errors.ts';

/** Figures of a classifier's scores. */
export interface ClassificationMetrics {
  /** Number of images. */
  readonly images: number;
  /** Share of images whose class scores highest, 0–1. */
  readonly top1: number;
  /** Share of images whose class is among the five that score highest, or among all if there are fewer. */
  readonly top5: number;
  /** Number of images by [true class][class that scores highest]. */
  readonly confusion: readonly (readonly number[])[];
}

/**
 * Computes top-1, top-5 and the confusion matrix of a classifier. Of equal scores, the lower class comes first. A
 * class whose score is NaN comes last.
 * @param scores [images, classes]
 * @param labels true class of each image
 * @throws MicroYoloError `invalid-argument` if their sizes do not fit
 */
export function evaluateClassification(
  scores: Float32Array | Float64Array,
  labels: ArrayLike<number>,
  classes: number,
): ClassificationMetrics {
  const images = labels.length;
  if (scores.length !== images * classes) {
    throw new MicroYoloError(
      'invalid-argument',
      `${scores.length} scores, expected images × classes = ${images} × ${classes} = ${images * classes}`,
    );
  }
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  let [first, amongFive] = [0, 0];
  for (let image = 0; image < images; image++) {
    const label = labels[image]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new MicroYoloError(
        'invalid-argument',
        `labels[${image}] ${label}: expected a class from 0 to ${classes - 1}`,
      );
    }
    const row = scores.subarray(image * classes, (image + 1) * classes);
    const own = row[label]!;
    let [better, best] = [0, 0];
    for (let k = 0; k < classes; k++) {
      const score = row[k]!;
      if (k !== label && (Number.isNaN(own) || score > own || (score === own && k < label))) better++;
      if (score > row[best]! || (Number.isNaN(row[best]) && !Number.isNaN(score))) best = k;
    }
    if (better === 0) first++;
    if (better < 5) amongFive++;
    confusion[label]![best]!++;
  }
  const share = (count: number) => (images === 0 ? 0 : count / images);
  return { images, top1: share(first), top5: share(amongFive), confusion };
}
