import { SEED_OPTION } from '../../datasets/edit/options.ts';
import type { OptionRow } from '../../foundation/errors/option-row.ts';

const count = { kind: 'number', range: [0, 999_999], whole: true, flag: { value: '<n>' } } as const;

/** Options for drawing a data set of shapes. */
export const SYNTHESIZE_OPTIONS = {
  out: {
    kind: 'string',
    default: 'datasets/shapes',
    about: 'folder for the data set',
    flag: { short: 'o', value: '<folder>' },
  },
  train: { ...count, default: 2000, about: 'number of training images' },
  val: { ...count, default: 500, about: 'number of evaluation images' },
  seed: { ...SEED_OPTION, about: 'the same seed gives the same images' },
  size: {
    kind: 'number',
    range: [32, 8192],
    whole: true,
    default: 320,
    about: 'side of the images, in pixels',
    flag: { value: '<px>' },
  },
  workers: {
    kind: 'number',
    range: [1, 1024],
    whole: true,
    default: 4,
    about: 'number of images to process at a time',
  },
  overwrite: { kind: 'boolean', default: false, about: 'replace the data set in the folder', flag: {} },
} as const satisfies Readonly<Record<string, OptionRow>>;
