import type { Dataset } from './dataset.ts';

/** Number of boxes of a class in each split. */
export interface ClassBoxes {
  /** Name of the category. */
  readonly name: string;
  /** Number of boxes, by split. */
  readonly boxes: Readonly<Record<string, number>>;
}

/** Counts boxes by class and split, in the order of the categories. Categories with the same name are one class. */
export function countClasses(datasets: ReadonlyMap<string, Dataset>): readonly ClassBoxes[] {
  const counts = new Map<string, Record<string, number>>();
  const none = () => Object.fromEntries([...datasets.keys()].map((split) => [split, 0]));
  for (const [split, { categories, annotations }] of datasets) {
    for (const { name } of categories) if (!counts.has(name)) counts.set(name, none());
    for (const category of annotations.categories) counts.get(categories[category]!.name)![split]!++;
  }
  return [...counts].map(([name, boxes]) => ({ name, boxes }));
}
