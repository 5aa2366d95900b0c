import { SEED_OPTION } from '../../datasets/edit/options.ts';
import type { OptionRow } from '../../foundation/errors/option-row.ts';
import { READING_OPTIONS } from './reading.ts';

/** Options for fitting anchors. */
export const ANCHORS_OPTIONS = {
  data: { kind: 'strings', required: true, about: 'data sets in any format' },
  count: {
    kind: 'number',
    range: [1, 50],
    whole: true,
    default: 6,
    about: 'number of anchors',
    flag: { value: '<n>' },
  },
  size: {
    kind: 'size',
    default: 416,
    about: 'network input: a side, or WIDTHxHEIGHT',
    flag: { value: '<px>' },
  },
  seed: { ...SEED_OPTION, about: 'seed; other seeds may find slightly different anchors' },
  split: READING_OPTIONS.split,
} as const satisfies Readonly<Record<string, OptionRow>>;
