import { canonicalClass } from '../class-synonyms.ts';
import type { Category } from '../datasets/dataset.ts';

export interface ClassMapping {
  /** Category id of each class of the model; undefined where the dataset has none for it. */
  readonly categoryIds: readonly (number | undefined)[];
  /** What the reader should know of how classes were matched, a line each. */
  readonly notes: readonly string[];
}

const plain = (name: string) => name.toLowerCase().replace(/[\s_-]+/g, '');

/** What names of one class share: case, spaces, `_` and `-` aside, COCO's and Darknet's names for it are one. */
const meaning = (name: string) => plain(canonicalClass(plain(name)));

/**
 * Matches a model's classes to a dataset's categories: by exact name; then by meaning, if only one on each side fits. If
 * some names remain, but there are as many of both, and every name that both have stands at the same place of the
 * categories by ascending id, by place.
 */
export function mapClasses(classes: readonly string[], categories: readonly Category[]): ClassMapping {
  const ordered = [...categories].sort((a, b) => a.id - b.id);
  const exact = new Map(ordered.map(({ id, name }) => [name, id]));
  const taken = new Set(classes.flatMap((name) => exact.get(name) ?? []));
  // Of A and a, which only case tells apart, neither stands for the other.
  const free = ordered.filter(({ id }) => !taken.has(id));
  const others = classes.filter((name) => !exact.has(name));
  const alone = (name: string): number | undefined => {
    const [fits, rivals] = [
      free.filter((category) => meaning(category.name) === meaning(name)),
      others.filter((other) => meaning(other) === meaning(name)),
    ];
    return fits.length === 1 && rivals.length === 1 ? fits[0]!.id : undefined;
  };
  const named = classes.map((name) => exact.get(name) ?? alone(name));
  const missing = classes.filter((_, index) => named[index] === undefined);
  if (missing.length === 0) return { categoryIds: named, notes: [] };

  const inPlace = named.every((id, index) => id === undefined || id === ordered[index]?.id);
  const some = named.some((id) => id !== undefined);
  if (classes.length === ordered.length && inPlace && (some || /^class \d+$/.test(classes[0]!))) {
    const pairs = missing.map((name) => `${name} = ${ordered[classes.indexOf(name)]!.name}`);
    const shown = pairs.length > 8 ? `${pairs.slice(0, 8).join(', ')} …` : pairs.join(', ');
    return { categoryIds: ordered.map(({ id }) => id), notes: [`classes matched by place: ${shown}`] };
  }
  const note = `${missing.length} of ${classes.length} classes have no category in the dataset and are left out: ${missing.slice(0, 8).join(', ')}${missing.length > 8 ? ' …' : ''}`;
  return { categoryIds: named, notes: [note] };
}
