import { MicroYoloError } from '../errors/errors.ts';
import { option } from '../errors/named-options.ts';
import { readText, trimmedLines } from '../files/text.ts';

/** Default name of a class. */
export function defaultClassName(index: number): string {
  return `class ${index}`;
}

/** Default names of classes: `class 0`, `class 1` … */
export function defaultClassNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => defaultClassName(index));
}

/** Whether a name is a default name. */
export function isNumberedClass(name: string): boolean {
  return /^class \d+$/.test(name);
}

/** Class names in the order of the class indices. */
export interface ClassNames {
  readonly names: readonly string[];
  /** Indices of the classes without a name. They have default names, such as `class 3`. */
  readonly unnamed: ReadonlySet<number>;
}

/**
 * Converts a list to class names. An empty entry is a class without a name. Empty entries at the end are ignored.
 */
export function numberClasses(entries: readonly string[]): ClassNames {
  const filled = entries.map((entry) => entry.trim());
  while (filled.at(-1) === '') filled.pop();
  return {
    names: filled.map((name, index) => name || defaultClassName(index)),
    unnamed: new Set(filled.flatMap((name, index) => (name === '' ? [index] : []))),
  };
}

/**
 * Reads class names from a text file, one per line. Blank lines are treated as in `numberClasses`.
 * @throws MicroYoloError `not-found`, or `invalid-file` if it is not UTF-8
 */
export async function readClassNames(path: string): Promise<ClassNames> {
  return numberClasses(trimmedLines(await readText(path, 'class names, one per line')));
}

/**
 * Reads the class names of a model from a text file.
 * @param count number of classes of the model
 * @throws MicroYoloError `not-found`, or `invalid-file` if the number of names differs
 */
export async function readModelClassNames(path: string, count: number): Promise<readonly string[]> {
  const { names } = await readClassNames(path);
  if (names.length === count) return names;
  throw new MicroYoloError(
    'invalid-file',
    `${path}: ${names.length} class names, the model has ${count} classes; pass one name per line in ${option('names')}`,
    { path },
  );
}
