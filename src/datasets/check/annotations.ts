import type { Dataset } from '../dataset.ts';
import type { CheckedProblem } from './kinds.ts';

/** Pixels that a box may go over the edge: annotation tools round. */
const EDGE_TOLERANCE = 0.5;

/** Square pixels up to which a box is a click that slipped. */
export const CLICK_AREA = 1;

/** What makes two annotations the same. */
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
  // Boxes without area are reported by the reader.
  const tiny: readonly CheckedProblem[] =
    area > 0 && area <= CLICK_AREA ? [{ kind: 'tiny-box', place, message }] : [];
  const beyond = Math.max(-left, -top, right - image.width, bottom - image.height);
  if (beyond <= EDGE_TOLERANCE) return tiny;
  const isOutside = right <= 0 || bottom <= 0 || left >= image.width || top >= image.height;
  return [{ kind: isOutside ? 'box-outside-image' : 'box-beyond-edge', place, message }, ...tiny];
}

/**
 * Finds what is wrong with categories and boxes. Boxes that a reader cannot represent, such as those with
 * NaN, it has reported and left out.
 * @param name of the data set, for places
 */
export function checkAnnotations(dataset: Dataset, name: string): readonly CheckedProblem[] {
  const { images, annotations } = dataset;
  const problems = [...checkCategories(dataset, name)];
  const crowds = annotations.crowd.reduce((sum, crowd) => sum + crowd, 0);
  if (crowds === annotations.count) {
    const boxes = crowds === 0 ? 'no boxes' : `${crowds} boxes, all of them crowds`;
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
    else problems.push({ kind: 'duplicate-box', place, message: `the box and class of annotation ${first}` });
  }
  return problems;
}
