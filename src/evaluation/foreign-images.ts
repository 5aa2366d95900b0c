import type { Dataset } from '../datasets/dataset.ts';
import { stemOf } from '../datasets/image-name.ts';
import { firstNames } from '../foundation/errors/errors.ts';
import type { DetectionList } from './detection-list.ts';

const REMEDY = 'evaluate the images that the detections belong to';

/** Explains detections of images that the data lacks: their number, and the likely mistake in their ids. */
export function foreignImages({ images }: Dataset, { imageIds, count }: DetectionList): string {
  const known = new Set(images.map(({ id }) => id));
  const ids = [...new Set(imageIds)];
  const foreign = imageIds.filter((id) => !known.has(id)).length;
  const counted = ` (${foreign} of ${count} detections belong to such images)`;
  const shift = [1, -1].find((by) => ids.every((id) => known.has(id + by)));
  if (shift !== undefined) {
    const [start, change] = shift > 0 ? [0, 'add'] : [1, 'subtract'];
    return `${counted}; ids look counted from ${start}; ${change} 1, or write the data's ids`;
  }
  const names = new Set(images.map(({ fileName }) => Number(stemOf(fileName))));
  if (ids.every((id) => names.has(id)))
    return `${counted}; the ids are numbers of file names; write the data's ids`;
  const has = firstNames(images.map(({ id }) => String(id)));
  return `${counted}; the data set has ${has}; ${REMEDY}`;
}
