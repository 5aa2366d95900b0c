import type { AnnotationTable, Dataset } from '../../datasets/dataset.ts';
import { boxInside } from '../../datasets/usable-boxes.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { LabeledObject } from '../augmentation/labeled-image.ts';
import type { TrainingImage } from './batch.ts';

/** The objects of an image, in pixels of the upright original. */
export interface ImageObjects {
  readonly width: number;
  readonly height: number;
  /** Objects, followed by ignored boxes. */
  readonly objects: readonly LabeledObject[];
}

/** The score of an annotation, if it has one. */
function weightOf({ ids, extraOf }: AnnotationTable, row: number): number | undefined {
  const { score } = extraOf(row);
  if (score === undefined) return undefined;
  if (typeof score === 'number' && score >= 0 && score <= 1) return score;
  throw new MicroYoloError(
    'invalid-file',
    `annotation ${ids[row]}: score ${JSON.stringify(score)}, expected 0 to 1; fix it, or set labelScores to ignore`,
  );
}

/** Drops boxes inside other boxes. Of equal boxes, the first is kept. */
function outermost(objects: readonly LabeledObject[]): readonly LabeledObject[] {
  const isWithin = ({ box: a }: LabeledObject, { box: b }: LabeledObject) =>
    a[0] >= b[0] && a[1] >= b[1] && a[2] <= b[2] && a[3] <= b[3];
  return objects.filter((object, place) =>
    objects.every((other, index) => {
      const isFirstOfEquals = index >= place && isWithin(other, object);
      return isFirstOfEquals || !isWithin(object, other);
    }),
  );
}

/**
 * Collects the true objects of each image, in the order of `dataset.images`. Class ids are indices of the data set's
 * categories. Boxes are clipped to their image, and those with a side under half a pixel are dropped. Crowds become
 * ignored boxes after the objects, without those inside another crowd.
 * @param isWeighted whether the scores of annotations, if any, are used as weights
 * @throws MicroYoloError `invalid-file` for an invalid score
 */
export function objectsByImage(dataset: Dataset, isWeighted = false): readonly ImageObjects[] {
  const { images, annotations } = dataset;
  const objects: LabeledObject[][] = images.map(() => []);
  const crowds: LabeledObject[][] = images.map(() => []);
  for (let row = 0; row < annotations.count; row++) {
    const box = boxInside(dataset, row);
    if (typeof box === 'string') continue;
    const image = annotations.images[row]!;
    const weight = isWeighted ? weightOf(annotations, row) : undefined;
    const classId = annotations.categories[row]!;
    const object = weight === undefined ? { box, classId } : { box, classId, weight };
    if (annotations.crowd[row] === 1) crowds[image]!.push({ ...object, isIgnored: true });
    else objects[image]!.push(object);
  }
  return images.map(({ width, height }, index) => ({
    width,
    height,
    objects: [...objects[index]!, ...outermost(crowds[index]!)],
  }));
}

/** Separates objects from ignored boxes, in which predictions are neither right nor wrong. */
export function apart(objects: readonly LabeledObject[]): Pick<TrainingImage, 'truths' | 'ignored'> {
  return {
    truths: objects.filter(({ isIgnored }) => !isIgnored),
    ignored: objects.filter(({ isIgnored }) => isIgnored).map(({ box }) => box),
  };
}
