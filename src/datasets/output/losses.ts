import { counted } from '../../foundation/counted.ts';
import type { Dataset, Extra } from '../dataset.ts';

const SINGULAR = { images: 'image', annotations: 'annotation', categories: 'category', boxes: 'box' };
type Noun = keyof typeof SINGULAR;

/** Counts, over all splits, the data that a format cannot represent. */
export class Losses {
  /** Whether ids are in the data itself. Otherwise the reader assigned them, and nobody misses them. */
  readonly #hasIds: boolean;
  readonly #counts = new Map<string, number>();
  /** Number of images, annotations or categories that lose a field, by noun and field. */
  readonly #fields = new Map<Noun, Map<string, number>>();

  constructor(hasIds: boolean) {
    this.#hasIds = hasIds;
  }

  /** Counts losses other than fields. `what` may contain `%d` for the count, before a plural: `%d categories without annotations`. */
  add(what: string, count = 1): void {
    if (count > 0) this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }

  /** Counts records that lose a field. */
  addField(field: string, noun: Noun, count: number): void {
    if (count === 0 || (field === 'id' && !this.#hasIds)) return;
    const counts = this.#fields.get(noun) ?? new Map<string, number>();
    this.#fields.set(noun, counts.set(field, (counts.get(field) ?? 0) + count));
  }

  /** One line per loss. Fields that the same number of records lose share a line. */
  list(): readonly string[] {
    const lines: string[] = [];
    for (const [noun, counts] of this.#fields) {
      for (const count of new Set(counts.values())) {
        const fields = [...counts].filter(([, other]) => other === count).map(([field]) => field);
        lines.push(`${fields.join(', ')} of ${counted(count, SINGULAR[noun], noun)}`);
      }
    }
    for (const [what, count] of this.#counts) {
      lines.push(what.replace(/%d (\w+)/, (_, noun: Noun) => counted(count, SINGULAR[noun], noun)));
    }
    return lines;
  }
}

export interface KeptFields {
  readonly image: readonly string[];
  readonly annotation: readonly string[];
}

function countFields(extra: Extra | undefined, kept: readonly string[], counts: Map<string, number>): void {
  for (const field of Object.keys(extra ?? {})) {
    if (!kept.includes(field)) counts.set(field, (counts.get(field) ?? 0) + 1);
  }
}

/** Counts the losses common to all formats except COCO. */
export function countLosses(dataset: Dataset, kept: KeptFields, losses: Losses): void {
  const { images, categories, annotations } = dataset;
  const fields = {
    images: new Map<string, number>(),
    annotations: new Map<string, number>(),
    categories: new Map<string, number>(),
  };
  for (const { extra } of images) countFields(extra, kept.image, fields.images);
  for (const { extra } of categories) countFields(extra, [], fields.categories);
  let [areas, ids] = [0, 0];
  for (let row = 0; row < annotations.count; row++) {
    countFields(annotations.extraOf(row), kept.annotation, fields.annotations);
    const boxArea = annotations.boxes[row * 4 + 2]! * annotations.boxes[row * 4 + 3]!;
    if (Math.abs(annotations.areas[row]! - boxArea) > 1e-6 * boxArea) areas++;
    if (annotations.ids[row] !== row + 1) ids++;
  }
  for (const noun of ['images', 'annotations', 'categories'] as const) {
    for (const [field, count] of fields[noun]) losses.addField(field, noun, count);
  }
  losses.addField("area (becomes the box's)", 'annotations', areas);
  losses.addField('id', 'annotations', ids);
  losses.addField('id', 'images', images.filter(({ id }, place) => id !== place + 1).length);
  for (const [field, value] of Object.entries(dataset.extra)) {
    const empty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
    if (!empty) losses.add(`${field} of the data set`);
  }
}
