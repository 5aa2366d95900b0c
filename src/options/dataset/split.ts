import { SHARE_OPTIONS } from '../../datasets/edit/options.ts';
import type { OptionRow } from '../../foundation/errors/option-row.ts';
import { REWRITING_OPTIONS } from './writing.ts';

/** How near-identical images are treated when a data set is split. */
export const NEAR_DUPLICATES = ['together', 'ignore'] as const;

const { default: _, ...format } = REWRITING_OPTIONS.to;

/** Options for splitting a data set. */
export const SPLIT_OPTIONS = {
  ...REWRITING_OPTIONS,
  ...SHARE_OPTIONS,
  nearDuplicates: {
    kind: 'string',
    choices: NEAR_DUPLICATES,
    default: 'together',
    about: 'how near-identical images are treated',
    flag: { value: '<how>' },
  },
  to: { ...format, otherwise: 'that of the data' },
  split: {
    ...REWRITING_OPTIONS.split,
    about: 'only this split of the data',
    otherwise: 'all splits, combined',
  },
} as const satisfies Readonly<Record<string, OptionRow>>;
