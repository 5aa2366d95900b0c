import type { OptionRow } from '../foundation/errors/option-row.ts';
import { TABLES_OPTION } from './latency.ts';
import { LOAD_OPTIONS } from './loading.ts';

const passes = { kind: 'number', range: [1, 1_000_000], whole: true, flag: { value: '<n>' } } as const;

/** Common options of pruning, searching and optimizing, which train candidates to choose among them. */
export const TRIAL_OPTIONS = {
  data: {
    kind: 'string',
    required: true,
    about: 'labeled images: the split train for training, another split for evaluation',
    flag: { short: 'd', value: '<path>' },
  },
  epochs: { ...passes, about: 'passes over the training images' },
  split: {
    kind: 'string',
    default: 'val',
    about: 'split to evaluate on; not a test split',
    flag: { value: '<name>' },
  },
  seed: {
    kind: 'number',
    range: [0, 2 ** 31 - 1],
    whole: true,
    default: 1,
    about: 'seed of training and random choices',
    flag: { value: '<n>' },
  },
  threads: LOAD_OPTIONS.threads,
  tables: TABLES_OPTION,
  settings: { kind: 'object', about: 'any other training setting, as in train' },
  signal: { kind: 'object', about: 'if it aborts, the call saves its state and ends' },
} as const satisfies Readonly<Record<string, OptionRow>>;
