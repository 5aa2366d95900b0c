import type { Category } from '../datasets/dataset.ts';
import { canonicalClass } from '../foundation/classes/class-synonyms.ts';

/** The category of a data set for each class of a model. */
export interface ClassMapping {
  /** Category id of each class of the model. Undefined if the data set has no such category. */
  readonly categoryIds: readonly (number | undefined)[];
  /** Notes on how classes were matched, one line each. */
  readonly notes: readonly string[];
}

const plain = (name: string) => name.toLowerCase().replace(/[\s_-]+/g, '');
/** Maps class names of Pascal VOC and Darknet to those of COCO, ignoring case, spaces, `_` and `-`. */
const official = (name: string) => plain(canonicalClass(plain(name)));

/**
 * Finds the category id of each name: by exact name, then ignoring case, spaces, `_` and `-`, then by synonyms such as
 * `sofa` and `couch`. The last two steps require exactly one match on each side.
 */
export function categoriesByName(
  names: readonly string[],
  categories: readonly Category[],
): readonly (number | undefined)[] {
  const exact = new Map(categories.map(({ id, name }) => [name, id]));
  const taken = new Set(names.flatMap((name) => exact.get(name) ?? []));
  // If both `A` and `a` exist, neither may match the other.
  const free = categories.filter(({ id }) => !taken.has(id));
  const others = names.filter((name) => !exact.has(name));
  const alone = (name: string, form: (name: string) => string): number | undefined => {
    const [fits, rivals] = [
      free.filter((category) => form(category.name) === form(name)),
      others.filter((other) => form(other) === form(name)),
    ];
    return fits.length === 1 && rivals.length === 1 ? fits[0]!.id : undefined;
  };
  return names.map((name) => exact.get(name) ?? alone(name, plain) ?? alone(name, official));
}

/**
 * Matches a model's classes to a data set's categories by name (see `categoriesByName`). If some names differ, they may
 * be matched by position among the categories, sorted by id. This requires lists of the same length, and each shared
 * name at the same position.
 */
export function mapClasses(classes: readonly string[], categories: readonly Category[]): ClassMapping {
  const ordered = [...categories].sort((a, b) => a.id - b.id);
  const named = categoriesByName(classes, ordered);
  const missing = classes.filter((_, index) => named[index] === undefined);
  if (missing.length === 0) return { categoryIds: named, notes: [] };

  const inPlace = named.every((id, index) => id === undefined || id === ordered[index]?.id);
  const some = named.some((id) => id !== undefined);
  if (classes.length === ordered.length && inPlace && (some || /^class \d+$/.test(classes[0]!))) {
    const pairs = missing.map((name) => `${name} = ${ordered[classes.indexOf(name)]!.name}`);
    const shown = pairs.length > 8 ? `${pairs.slice(0, 8).join(', ')} …` : pairs.join(', ');
    return { categoryIds: ordered.map(({ id }) => id), notes: [`classes matched by position: ${shown}`] };
  }
  const note = `${missing.length} of ${classes.length} classes have no category in the data set and are left out: ${missing.slice(0, 8).join(', ')}${missing.length > 8 ? ' …' : ''}`;
  return { categoryIds: named, notes: [note] };
}
