import { type ClassNames, defaultClassName } from '../../../foundation/classes/class-names.ts';
import type { Category } from '../../dataset.ts';

/** Classes by the numbers that label files have. */
export interface ClassTable {
  /** Their ids are the class numbers. */
  readonly categories: readonly Category[];
  /** Place of the category with a class number. */
  readonly placeOf: ReadonlyMap<number, number>;
  /** Numbers of classes without a name. */
  readonly unnamed: ReadonlySet<number>;
}

/** A table of numbers with their names; an empty name is none. */
export function classTable(named: readonly (readonly [id: number, name: string])[]): ClassTable {
  return {
    categories: named.map(([id, name]) => ({ id, name: name || defaultClassName(id) })),
    placeOf: new Map(named.map(([id], place) => [id, place])),
    unnamed: new Set(named.flatMap(([id, name]) => (name === '' ? [id] : []))),
  };
}

/** The table of a list of names. */
export function listedClasses({ names, unnamed }: ClassNames): ClassTable {
  return classTable(names.map((name, id) => [id, unnamed.has(id) ? '' : name]));
}
