import type { OptionRow } from '../foundation/errors/option-row.ts';
import { LOAD_OPTIONS } from './loading.ts';

/** Where measured times of operations are kept. */
export const TABLES_OPTION = {
  kind: 'string',
  about: 'folder of measured times',
  otherwise: "the system's cache folder",
  flag: { value: '<folder>' },
} as const satisfies OptionRow;

/** Options of predicting how long a network takes. */
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
  // A program may pass the tables themselves.
  tables: { ...TABLES_OPTION, kind: 'any' },
} as const satisfies Readonly<Record<string, OptionRow>>;
