import { counted } from '../../foundation/counted.ts';
import type { Dataset } from '../dataset.ts';
import type { CheckedProblem } from './kinds.ts';

/** A box may extend this many pixels beyond the edge, because annotation tools round. */
const EDGE_TOLERANCE = 0.5;

/** Boxes up to this area, in square pixels, are accidental clicks. */
export const CLICK_AREA = 1;

/** Annotations with the same key are duplicates. */
export function annotationKey({ annotations }: Dataset, row: number): string {
  const box = annotations.boxes.subarray(4 * row, 4 * row + 4).join(' ');
  return `${annotations.images[row]} ${annotations.categories[row]} ${annotations.crowd[row]} ${box}`;
}

function checkCategories(dataset: Dataset, name: string): readonly CheckedProblem[] {
  const used = new Set(dataset.annotations.categories);
  const ids = new Map<string, number>();
  return dataset.categories.flatMap((category, index): readonly CheckedProblem[] => {
    const place = `${name}: category ${category.id}`;
    const known = ids.get(category.name);
    ids.set(category.name, known ?? category.id);
    const unused: readonly CheckedProblem[] = used.has(index)
      ? []
      : [{ kind: 'unused-category', place, message: `no box of "${category.name}"` }];
    if (known === undefined) return unused;
    const message = `"${category.name}", also the name of category ${known}`;
    return [{ kind: 'repeated-category-name', place, message }, ...unused];
  });
}

function checkBox(dataset: Dataset, row: number, place: string): readonly CheckedProblem[] {
  const { images, annotations } = dataset;
  const [left = 0, top = 0, width = 0, height = 0] = annotations.boxes.subarray(4 * row, 4 * row + 4);
  const image = images[annotations.images[row]!]!;
  const message = `box [${left}, ${top}, ${width}, ${height}] in an image of ${image.width}×${image.height}`;
  const [right, bottom] = [left + width, top + height];
  const area = width * height;
  // The reader has already reported boxes without area.
  const tiny: readonly CheckedProblem[] =
    area > 0 && area <= CLICK_AREA ? [{ kind: 'tiny-box', place, message }] : [];
  const beyond = Math.max(-left, -top, right - image.width, bottom - image.height);
  if (beyond <= EDGE_TOLERANCE) return tiny;
  const isOutside = right <= 0 || bottom <= 0 || left >= image.width || top >= image.height;
  return [{ kind: isOutside ? 'box-outside-image' : 'box-beyond-edge', place, message }, ...tiny];
}

/**
 * Finds problems in categories and boxes. The reader has already reported and skipped boxes that it cannot represent,
 * such as those with NaN.
 * @param name name of the data set, for the places of the problems
 */
export function checkAnnotations(dataset: Dataset, name: string): readonly CheckedProblem[] {
  const { images, annotations } = dataset;
  const problems = [...checkCategories(dataset, name)];
  const crowds = annotations.crowd.reduce((sum, crowd) => sum + crowd, 0);
  if (crowds === annotations.count) {
    const boxes = crowds === 0 ? 'no boxes' : `${counted(crowds, 'box', 'boxes')}, all of them crowds`;
    const message = `${boxes}: it cannot be used for training or evaluation`;
    problems.push({ kind: 'no-objects', place: name, message });
  }
  const seen = new Map<string, number>();
  for (let row = 0; row < annotations.count; row++) {
    const id = annotations.ids[row]!;
    const place = `${name}: annotation ${id} of ${images[annotations.images[row]!]!.fileName}`;
    problems.push(...checkBox(dataset, row, place));
    const key = annotationKey(dataset, row);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, id);
    else
      problems.push({ kind: 'duplicate-box', place, message: `same box and class as annotation ${first}` });
  }
  return problems;
}
