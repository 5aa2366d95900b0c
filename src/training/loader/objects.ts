import type { AnnotationTable, Dataset } from '../../datasets/dataset.ts';
import { boxInside } from '../../datasets/usable-boxes.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { LabeledObject } from '../augmentation/labeled-image.ts';
import type { TrainingImage } from './batch.ts';

/** The objects of an image, in pixels of the upright original. */
export interface ImageObjects {
  readonly width: number;
  readonly height: number;
  /** The ignored ones last. */
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

/** Those whose boxes lie in no other's; of equal ones the first. */
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
 * The true objects of each image, in the order of `dataset.images`; classes are the data set's categories in
 * their order. Boxes are cut at their image's edges, and those of which less than half a pixel is inside left out.
 * Crowds, which are no single objects, are ignored: after the objects, without those that lie inside another.
 * @param isWeighted takes the annotations' scores, where they have one, for weights
 * @throws MicroYoloError `invalid-file` for a score that is none
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

/** Objects to find, and boxes in which what is found is neither right nor wrong. */
export function apart(objects: readonly LabeledObject[]): Pick<TrainingImage, 'truths' | 'ignored'> {
  return {
    truths: objects.filter(({ isIgnored }) => !isIgnored),
    ignored: objects.filter(({ isIgnored }) => isIgnored).map(({ box }) => box),
  };
}
