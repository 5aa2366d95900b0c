import type { OptionRow } from '../foundation/errors/option-row.ts';
import { LOAD_OPTIONS } from './loading.ts';

/** Folder for the tables of measured operation times. */
export const TABLES_OPTION = {
  kind: 'string',
  about: 'folder of measured times',
  otherwise: "the system's cache folder",
  flag: { value: '<folder>' },
} as const satisfies OptionRow;

/** Options for predicting the time of a network. */
export const LATENCY_OPTIONS = {
  model: { kind: 'string', required: true, about: 'network by name, or a model file' },
  size: LOAD_OPTIONS.size,
  threads: LOAD_OPTIONS.threads,
  runs: {
    kind: 'number',
    range: [1, 100_000],
    whole: true,
    default: 60,
    about: 'number of timed runs; their 10th percentile counts',
    flag: { value: '<n>' },
  },
  // In programs, null is allowed too.
  tables: { ...TABLES_OPTION, kind: 'any' },
} as const satisfies Readonly<Record<string, OptionRow>>;
