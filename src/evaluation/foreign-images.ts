import { basename } from 'node:path';
import type { Dataset } from '../datasets/dataset.ts';
import { withoutEnding } from '../datasets/image-path.ts';
import { firstNames } from '../errors.ts';
import type { DetectionList } from './detection-list.ts';

const REMEDY = 'evaluate the images the detections were made on';

/** Says how many detections are of images that the data lacks, and what their ids look like. */
export function foreignImages({ images }: Dataset, { imageIds, count }: DetectionList): string {
  const known = new Set(images.map(({ id }) => id));
  const ids = [...new Set(imageIds)];
  const foreign = imageIds.filter((id) => !known.has(id)).length;
  const counted = `, nor are those of ${foreign} of ${count} detections`;
  const shift = [1, -1].find((by) => ids.every((id) => known.has(id + by)));
  if (shift !== undefined)
    return `${counted}; all ids are images ${shift > 0 ? 'plus' : 'less'} 1: they look counted from ${shift > 0 ? 0 : 1}; write the data's ids`;
  const names = new Set(images.map(({ fileName }) => Number(withoutEnding(basename(fileName)))));
  if (ids.every((id) => names.has(id)))
    return `${counted}; the ids are the numbers in file names; write the data's ids`;
  const has = firstNames(images.map(({ id }) => String(id)));
  return `${counted}, which has ${has}: they are of other data; ${REMEDY}`;
}
