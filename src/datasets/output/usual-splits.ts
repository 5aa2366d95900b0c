import { MicroYoloError } from '../../errors.ts';

type UsualSplit = 'train' | 'val' | 'test';

/** The keys that descriptions of YOLO and Darknet have for splits: they know no names of one's own. */
export class UsualSplits {
  readonly #splitOf = new Map<UsualSplit, string>();

  /** `valid` and `val2017` are `val`; a name of one's own is `train`. */
  keyOf(split: string): UsualSplit {
    return (['val', 'test'] as const).find((key) => split.toLowerCase().startsWith(key)) ?? 'train';
  }

  /** @throws MicroYoloError `unsupported` where two splits have one key: one is not to be trained on */
  claim(split: string): void {
    const key = this.keyOf(split);
    const other = this.#splitOf.get(key);
    if (other !== undefined) {
      throw new MicroYoloError(
        'unsupported',
        `split "${split}": the format knows train, val and test, and "${other}" is ${key} already; convert one split at a time (--split)`,
      );
    }
    this.#splitOf.set(key, split);
  }
}
