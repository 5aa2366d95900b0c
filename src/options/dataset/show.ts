import { SEED_OPTION } from '../../datasets/edit/options.ts';
import type { OptionRow } from '../../foundation/errors/option-row.ts';
import { READING_OPTIONS } from './reading.ts';

/** Options for drawing a data set. */
export const SHOW_OPTIONS = {
  data: { kind: 'string', required: true, about: 'a data set in any format' },
  out: {
    kind: 'string',
    required: true,
    about: 'image file to write: .png, .jpg, .webp or .avif',
    flag: { short: 'o', value: '<file>' },
  },
  images: {
    kind: 'number',
    range: [1, 400],
    whole: true,
    default: 16,
    about: 'number of images on the sheet',
    flag: { name: 'number', short: 'n', value: '<n>' },
  },
  seed: SEED_OPTION,
  classes: {
    kind: 'strings',
    about:
      'only boxes of these classes: names separated by commas; put names with commas in "double quotes"; repeatable',
    flag: { value: '<names>' },
  },
  ...READING_OPTIONS,
  cell: {
    kind: 'number',
    range: [64, 2048],
    whole: true,
    default: 400,
    about: 'side of each cell, in pixels',
    flag: { value: '<px>' },
  },
} as const satisfies Readonly<Record<string, OptionRow>>;
