import type { OptionRow } from '../foundation/errors/option-row.ts';
import { LOAD_OPTIONS } from './loading.ts';
import { TRIAL_OPTIONS } from './trials.ts';

const { seed, threads, settings } = TRIAL_OPTIONS;

/** Common options of compression and decomposition, which may measure and train the model on data. */
export const SHRINKING_OPTIONS = {
  model: {
    kind: 'string',
    required: true,
    about: 'model file, or the name of a bundled model',
    flag: { short: 'm', value: '<model>' },
  },
  weights: LOAD_OPTIONS.weights,
  data: {
    kind: 'string',
    about: 'labeled images to measure AP50 on, and to train on with --minutes',
    flag: { short: 'd', value: '<path>' },
  },
  split: { kind: 'string', about: 'split to evaluate on', otherwise: 'val', flag: { value: '<name>' } },
  maxDrop: {
    kind: 'number',
    range: [0, 100],
    about: 'maximum loss of AP50 in points; if it is larger, nothing is written',
    otherwise: 'no limit',
    flag: { value: '<points>' },
  },
  minutes: {
    kind: 'number',
    range: [0, 100_000],
    about: 'minutes of training',
    otherwise: 'none',
    flag: { value: '<n>' },
  },
  size: LOAD_OPTIONS.size,
  ...{ seed, threads, settings },
} as const satisfies Readonly<Record<string, OptionRow>>;
