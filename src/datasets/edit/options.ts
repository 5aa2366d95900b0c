import type { OptionRow } from '../../foundation/errors/option-row.ts';

/** Seed of a random choice. */
export const SEED_OPTION = {
  kind: 'number',
  range: [0, 2 ** 31 - 1],
  whole: true,
  default: 1,
  about: 'seed that chooses the images',
  flag: { value: '<n>' },
} as const satisfies OptionRow;

/** Options that select a part of a data set. */
export const PART_OPTIONS = {
  classes: {
    kind: 'strings',
    about:
      'keep only these classes, and only images that contain them: names separated by commas; put names with commas in "double quotes"; repeatable',
    flag: { value: '<names>' },
  },
  images: {
    kind: 'number',
    range: [1, 1_000_000_000],
    whole: true,
    about: 'number of images to keep in each split, chosen by the seed',
    flag: { short: 'n', value: '<n>' },
  },
  seed: { ...SEED_OPTION, about: 'the same seed chooses the same images' },
  balance: {
    kind: 'boolean',
    default: false,
    about: 'choose images so that each class has about the same number of boxes',
    flag: {},
  },
  keepEmpty: { kind: 'boolean', about: 'keep images without any of the classes', flag: {} },
} as const satisfies Readonly<Record<string, OptionRow>>;

/** Shares of the new splits. The rest is for training. */
export const SHARE_OPTIONS = {
  val: {
    kind: 'number',
    range: [0, 1],
    about: 'share of the images to evaluate on while training, such as 0.2',
    flag: { value: '<share>' },
  },
  test: {
    kind: 'number',
    range: [0, 1],
    about: 'share of the images for the final test, such as 0.1',
    flag: { value: '<share>' },
  },
  seed: { ...SEED_OPTION, about: 'the same seed gives the same splits' },
} as const satisfies Readonly<Record<string, OptionRow>>;
