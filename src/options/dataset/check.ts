import type { OptionRow } from '../../foundation/errors/option-row.ts';
import { READING_OPTIONS } from './reading.ts';

/** Options for checking data sets. */
export const CHECK_OPTIONS = {
  data: { kind: 'strings', required: true, about: 'data sets that must not share images' },
  ...READING_OPTIONS,
  fix: { kind: 'string', about: 'write a COCO file with the problems fixed', flag: { value: '<file>' } },
  nearDuplicates: {
    kind: 'boolean',
    about: 'also look for near-identical images in different splits',
    flag: {},
  },
  report: {
    kind: 'string',
    about: 'write a report with histograms, samples, duplicates and recommended settings',
    flag: { value: '<folder>' },
  },
  workers: {
    kind: 'number',
    range: [1, 1024],
    whole: true,
    default: 8,
    about: 'number of images to process at a time',
  },
} as const satisfies Readonly<Record<string, OptionRow>>;
