import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Category, Dataset } from '../dataset.ts';
import { withoutEnding } from '../image-name.ts';

/** Ensures that each image gets a label file of its own. */
export class LabelNames {
  readonly #imageOf = new Map<string, string>();

  /** @throws MicroYoloError `unsupported` if two images would share a label file */
  claim(fileName: string): void {
    if (/[\r\n]/.test(fileName)) {
      const name = JSON.stringify(fileName);
      throw new MicroYoloError(
        'unsupported',
        `${name}: has a line break, which list files do not allow; rename the image`,
      );
    }
    const name = withoutEnding(fileName);
    const other = this.#imageOf.get(name);
    if (other !== undefined) {
      const problem =
        other === fileName ? 'appears twice in the data set' : `and ${other} would share their labels`;
      throw new MicroYoloError(
        'unsupported',
        `${fileName}: ${problem}; rename one, or convert one split at a time`,
      );
    }
    this.#imageOf.set(name, fileName);
  }
}

/** Ensures that all splits have the same classes, because a single file lists them. */
export class SharedCategories {
  names: readonly string[] | undefined;

  /** @throws MicroYoloError `unsupported` if a split has different classes */
  check({ categories }: Dataset, split: string): void {
    const names = categories.map(({ name }: Category) => name);
    const broken = names.find((name) => /[\r\n]/.test(name));
    if (broken !== undefined) {
      throw new MicroYoloError(
        'unsupported',
        `class ${JSON.stringify(broken)}: has a line break in its name`,
      );
    }
    this.names ??= names;
    if (names.length !== this.names.length || names.some((name, place) => name !== this.names?.[place])) {
      const remedy = 'convert one split at a time';
      throw new MicroYoloError('unsupported', `split "${split}" has other classes than the first; ${remedy}`);
    }
  }
}
