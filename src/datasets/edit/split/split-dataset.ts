import { counted } from '../../../foundation/counted.ts';
import { checkOptions, type OptionKinds } from '../../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import type { Dataset } from '../../dataset.ts';
import { selectPart } from '../../select.ts';
import { SHARE_OPTIONS } from '../options.ts';
import { stratify } from './stratify.ts';
import { splitUnits } from './units.ts';

/** Splits that a data set can be divided into. */
export type NewSplit = 'train' | 'val' | 'test';

/** Shares of the splits, 0–1. The rest is `train`. */
export interface SplitShares {
  /** Share of the images for `val`, between 0 and 1. @default no such split */
  readonly val?: number | undefined;
  /** Share of the images for `test`, between 0 and 1. @default no such split */
  readonly test?: number | undefined;
}

/** Options for splitting a data set. */
export interface SplitOptions extends SplitShares {
  /** Seed, a whole number from 0 to 2³¹ − 1. The same seed gives the same splits. @default 1 */
  readonly seed?: number | undefined;
  /**
   * A group number for each image, in the order of `dataset.images`. Images of one group stay in one split.
   * `findNearDuplicates` computes groups.
   * @default each image is its own group
   */
  readonly groups?: ArrayLike<number> | undefined;
}

const KINDS: OptionKinds<SplitOptions> = {
  // No range here: the error of `checkShares` is more helpful.
  val: 'number',
  test: 'number',
  seed: SHARE_OPTIONS.seed,
  groups: 'any',
};

const SPLITS = ['train', 'val', 'test'] as const satisfies readonly NewSplit[];

function invalid(problem: string): MicroYoloError {
  return new MicroYoloError('invalid-argument', problem);
}

/** @throws MicroYoloError `invalid-argument` for shares that are impossible for any data set */
export function checkShares({ val, test }: SplitShares): void {
  if (val === undefined && test === undefined) {
    throw invalid('val: missing, expected a number between 0 and 1; pass val 0.2');
  }
  for (const [name, share] of Object.entries({ val, test })) {
    if (share !== undefined && !(share > 0 && share < 1)) {
      throw invalid(
        `${name} ${share}: expected a share between 0 and 1, such as 0.2; leave out ${name} if you do not need the split`,
      );
    }
  }
  const sum = (val ?? 0) + (test ?? 0);
  if (sum >= 1 - 1e-9) {
    throw invalid(
      `val ${val} and test ${test}: nothing is left to train on, expected a sum below 1; make one smaller`,
    );
  }
}

/** Number of images for each split: whole numbers with the sum `images`. */
function splitSizes(images: number, shares: SplitShares): ReadonlyMap<NewSplit, number> {
  const sizes = new Map<NewSplit, number>([['train', images]]);
  for (const name of ['val', 'test'] as const) {
    const share = shares[name];
    if (share === undefined) continue;
    const size = Math.round(share * images);
    if (size === 0) {
      const least = Math.ceil(100 / images) / 100;
      throw invalid(
        `${name} ${share}: selects none of ${images} images, expected at least one; pass ${least} or more`,
      );
    }
    sizes.set(name, size);
    sizes.set('train', sizes.get('train')! - size);
  }
  if (sizes.get('train')! > 0) return sizes;
  const given = [...sizes.keys()].slice(1).map((name) => `${name} ${shares[name as 'val' | 'test']}`);
  throw invalid(
    `${given.join(' and ')}: leave none of ${images} images to train on, expected at least one; make one smaller`,
  );
}

/**
 * Divides a data set by image into `train` and `val`, `test` or both. Each split gets its share of every class, as
 * far as whole images allow. Classes with at least as many images as there are splits are in each split, if the
 * shares allow it. Only the image names and the seed decide, not the order of the images. Ids, boxes, fields and
 * categories do not change. Sizes are exact, unless groups are too large for them.
 * @returns the splits in the order train, val, test
 * @throws MicroYoloError `invalid-argument` for shares that leave a split empty, or for a number of groups that
 * differs from the number of images
 */
export function splitDataset(dataset: Dataset, options: SplitOptions): ReadonlyMap<NewSplit, Dataset> {
  checkOptions('split options', options, KINDS);
  const { seed = 1, groups = Int32Array.from(dataset.images.keys()) } = options;
  checkShares(options);
  const count = dataset.images.length;
  if (groups.length !== count) {
    throw invalid(
      `groups: ${counted(groups.length, 'number')}, expected one for each of ${count} images; pass all`,
    );
  }
  const wanted = 1 + [options.val, options.test].filter((share) => share !== undefined).length;
  if (count < wanted) {
    throw invalid(`${counted(count, 'image')}: expected at least ${wanted}, one for each split; add images`);
  }
  const sizes = splitSizes(count, options);
  const units = splitUnits(dataset, groups, seed);
  if (units.length < wanted) {
    throw invalid(
      `${counted(count, 'image')}: form only ${counted(units.length, 'group')} of near-identical ones, expected at least ${wanted}; add images, or ignore near-duplicates`,
    );
  }
  const members = stratify(units, [...sizes.values()], seed);
  return new Map(
    SPLITS.filter((name) => sizes.has(name)).map((name, index) => {
      const places = members[index]!.flatMap((unit) => units[unit]!.images).sort((a, b) => a - b);
      return [name, selectPart(dataset, places)];
    }),
  );
}
