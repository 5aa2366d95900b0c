import { MicroYoloError } from '../errors.ts';

/**
 * Class names from a text file, one a line; empty lines at the end do not count.
 * @throws MicroYoloError `invalid-file` where there are not `count`
 */
export function parseClassNames(text: string, count: number, file: string): readonly string[] {
  const names = text.split(/\r?\n/).map((line) => line.trim());
  while (names.at(-1) === '') names.pop();
  if (names.length !== count) {
    throw new MicroYoloError(
      'invalid-file',
      `${file}: ${names.length} class names, the model has ${count} classes; give one name a line with --names`,
    );
  }
  return names;
}

/** Names for classes that nobody named: `class 0`, `class 1` … */
export function defaultClassNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `class ${index}`);
}

/** Whether a name is one of those that `defaultClassNames` gives. */
export function isNumberedClass(name: string): boolean {
  return /^class \d+$/.test(name);
}
