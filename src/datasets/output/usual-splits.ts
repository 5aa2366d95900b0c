import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';

const USUAL = ['train', 'val', 'test'] as const;
type UsualSplit = (typeof USUAL)[number];

/** Maps splits to the keys of YOLO and Darknet descriptions, which allow no custom names. */
export class UsualSplits {
  readonly #splitOf = new Map<UsualSplit, string>();

  /** Key of a split. `valid` and `val2017` become `val`, custom names become `train`. */
  keyOf(split: string): UsualSplit {
    return (['val', 'test'] as const).find((key) => split.toLowerCase().startsWith(key)) ?? 'train';
  }

  /** @throws MicroYoloError `unsupported` if two splits get the same key, because one may not be for training */
  claim(split: string): void {
    const key = this.keyOf(split);
    const other = this.#splitOf.get(key);
    if (other !== undefined) {
      throw new MicroYoloError(
        'unsupported',
        `split "${split}": the format has only train, val and test, and "${other}" is already ${key}; convert one split at a time with ${option('split')}`,
      );
    }
    this.#splitOf.set(key, split);
  }
}

/**
 * Rejects splits that readers would not find. In a folder with several splits, only the usual names are found; a single
 * split may have any name.
 * @throws MicroYoloError `unsupported` if a split would not be found
 */
export function refuseOwnNames(splits: readonly string[], usual: readonly string[] = USUAL): void {
  const own = splits.find((split) => !usual.includes(split));
  if (splits.length < 2 || own === undefined) return;
  throw new MicroYoloError(
    'unsupported',
    `split "${own}": in a folder with several splits, only ${usual.join(', ')} are read; convert one split at a time with ${option('split')}`,
  );
}
