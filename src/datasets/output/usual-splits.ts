import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';

const USUAL = ['train', 'val', 'test'] as const;
type UsualSplit = (typeof USUAL)[number];

/** The keys that descriptions of YOLO and Darknet have for splits: they know no names of one's own. */
export class UsualSplits {
  readonly #splitOf = new Map<UsualSplit, string>();

  /** `valid` and `val2017` are `val`; a name of one's own is `train`. */
  keyOf(split: string): UsualSplit {
    return (['val', 'test'] as const).find((key) => split.toLowerCase().startsWith(key)) ?? 'train';
  }

  /** @throws MicroYoloError `unsupported` if two splits have one key: one is not to be trained on */
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
 * Of several splits in a folder, reading finds those of the usual names; one alone is found by whatever name.
 * @throws MicroYoloError `unsupported` if one would not be found again
 */
export function refuseOwnNames(splits: readonly string[], usual: readonly string[] = USUAL): void {
  const own = splits.find((split) => !usual.includes(split));
  if (splits.length < 2 || own === undefined) return;
  throw new MicroYoloError(
    'unsupported',
    `split "${own}": in a folder with several splits, only ${usual.join(', ')} are read; convert one split at a time with ${option('split')}`,
  );
}
