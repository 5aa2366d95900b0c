import { MicroYoloError } from '../errors/errors.ts';
import { option } from '../errors/named-options.ts';
import { readText, trimmedLines } from '../files/text.ts';

/** What a class without a name is called. */
export function defaultClassName(index: number): string {
  return `class ${index}`;
}

/** Names for classes that nobody named: `class 0`, `class 1` … */
export function defaultClassNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => defaultClassName(index));
}

/** Whether a name is one that `defaultClassName` gives. */
export function isNumberedClass(name: string): boolean {
  return /^class \d+$/.test(name);
}

/** Names of classes in the order of their numbers. */
export interface ClassNames {
  readonly names: readonly string[];
  /** Numbers of classes without a name, which are called `class 3`. */
  readonly unnamed: ReadonlySet<number>;
}

/**
 * Numbers the entries of a list. An empty one keeps its number, as a class without a name; those at the end do
 * not count.
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
 * Reads class names from a text file, one a line, as `numberClasses` numbers them.
 * @throws MicroYoloError `not-found`, or `invalid-file` if it is not UTF-8
 */
export async function readClassNames(path: string): Promise<ClassNames> {
  return numberClasses(trimmedLines(await readText(path, 'class names, one per line')));
}

/**
 * Reads the class names of a model from a text file.
 * @throws MicroYoloError `not-found`, or `invalid-file` if there are not `count`
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
