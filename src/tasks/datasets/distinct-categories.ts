import type { Dataset } from '../../datasets/dataset.ts';
import { selectPart } from '../../datasets/select.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';

/**
 * Drops categories without boxes whose name another category has too. Classes are matched by name, so of two categories
 * with one name, a model could learn or find only one.
 * @param data path of the data set, for the message
 * @throws MicroYoloError `invalid-file` if two categories of one name have boxes
 */
export function distinctCategories(dataset: Dataset, data: string): Dataset {
  const { categories, annotations } = dataset;
  const byName = new Map<string, number[]>();
  for (const [place, { name }] of categories.entries()) {
    const places = byName.get(name);
    if (places) places.push(place);
    else byName.set(name, [place]);
  }
  if (byName.size === categories.length) return dataset;
  const used = new Set(annotations.categories.subarray(0, annotations.count));
  const kept = new Set<number>();
  for (const [name, places] of byName) {
    const [first = places[0]!, second] = places.filter((place) => used.has(place));
    if (second !== undefined) {
      const ids = `${categories[first]!.id} and ${categories[second]!.id}`;
      throw new MicroYoloError(
        'invalid-file',
        `${data}: categories ${ids} have boxes and one name, ${JSON.stringify(name)}, expected different names; rename one, or give all boxes one of the ids`,
        { path: data },
      );
    }
    kept.add(first);
  }
  const places = [...categories.keys()].filter((place) => kept.has(place));
  return selectPart(dataset, [...dataset.images.keys()], places);
}
