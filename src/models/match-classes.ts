import { isNumberedClass } from '../foundation/classes/class-names.ts';
import { sameClass } from '../foundation/classes/class-synonyms.ts';
import { counted } from '../foundation/counted.ts';

export interface MatchedClasses {
  /** For each class, its index in the other model, or undefined if that model lacks it. */
  readonly places: readonly (number | undefined)[];
  /** Whether classes were matched by index, because the other model's classes have no names. */
  readonly isByPlace: boolean;
}

/**
 * Matches classes with another model's classes by name. Exact matches come first, then synonyms. If the other classes
 * are unnamed, and their number is equal, they are matched by index.
 */
export function matchClasses(classes: readonly string[], others: readonly string[]): MatchedClasses {
  if (others.length > 0 && others.every(isNumberedClass) && !classes.some((name) => others.includes(name))) {
    const isByPlace = classes.length === others.length;
    return { places: classes.map((_, place) => (isByPlace ? place : undefined)), isByPlace };
  }
  const free = new Set(others.keys());
  const take = (fits: (other: string) => boolean) => {
    const place = [...free].find((index) => fits(others[index]!));
    if (place !== undefined) free.delete(place);
    return place;
  };
  const exact = classes.map((name) => take((other) => other === name));
  const places = classes.map((name, index) => exact[index] ?? take((other) => sameClass(other, name)));
  return { places, isByPlace: false };
}

const SHOWN = 8;

const listed = (names: readonly string[]) =>
  names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ` … (${names.length})` : '');

/** Describes a match in one line: `2 of 3 classes taken by name from a.safetensors: cat, dog; new: fish`. */
export function describeMatch(
  { places, isByPlace }: MatchedClasses,
  classes: readonly string[],
  others: readonly string[],
  source: string,
): string {
  if (isByPlace) {
    const pairs = classes.map((name, place) => `${others[place]} = ${name}`);
    return `${counted(classes.length, 'class', 'classes')} taken by position from ${source}, because its classes have no names: ${listed(pairs)}`;
  }
  const shown = (name: string, place: number) =>
    others[place] === name ? name : `${name} (named ${others[place]} there)`;
  const taken = classes.flatMap((name, index) => {
    const place = places[index];
    return place === undefined ? [] : [shown(name, place)];
  });
  const fresh = classes.filter((_, index) => places[index] === undefined);
  const left = others.filter((_, place) => !places.includes(place));
  const share = `${taken.length} of ${classes.length} classes taken by name from ${source}`;
  const parts = [
    taken.length > 0 ? `${share}: ${listed(taken)}` : share,
    ...(fresh.length > 0 ? [`new: ${listed(fresh)}`] : []),
    ...(left.length > 0 ? [`left out: ${listed(left)}`] : []),
  ];
  return parts.join('; ');
}
