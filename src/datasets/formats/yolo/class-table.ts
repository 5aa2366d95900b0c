import { type ClassNames, defaultClassName } from '../../../foundation/classes/class-names.ts';
import type { Category } from '../../dataset.ts';

/** Classes by their numbers in label files. */
export interface ClassTable {
  /** Categories. Their ids are the class numbers. */
  readonly categories: readonly Category[];
  /** Index of the category for each class number. */
  readonly placeOf: ReadonlyMap<number, number>;
  /** Numbers of classes without a name. */
  readonly unnamed: ReadonlySet<number>;
}

/** Builds a table from pairs of number and name. Classes with an empty name are unnamed. */
export function classTable(named: readonly (readonly [id: number, name: string])[]): ClassTable {
  return {
    categories: named.map(([id, name]) => ({ id, name: name || defaultClassName(id) })),
    placeOf: new Map(named.map(([id], place) => [id, place])),
    unnamed: new Set(named.flatMap(([id, name]) => (name === '' ? [id] : []))),
  };
}

/** Builds the table for a list of names, numbered from 0. */
export function listedClasses({ names, unnamed }: ClassNames): ClassTable {
  return classTable(names.map((name, id) => [id, unnamed.has(id) ? '' : name]));
}
