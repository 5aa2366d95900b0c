import { defaultsOf, type OptionRow } from '../foundation/errors/option-row.ts';
import { LOAD_OPTIONS } from './loading.ts';
import { TRIAL_OPTIONS } from './trials.ts';

/** Precisions in which the written files compute. */
export const FILE_PRECISIONS = ['fastest', 'float32', 'int8'] as const;

const { signal: _, epochs, ...trials } = TRIAL_OPTIONS;

/** Options for optimizing a detector. */
export const OPTIMIZE_OPTIONS = {
  model: {
    kind: 'string',
    required: true,
    about: 'detector to optimize: a model file, or the name of a bundled model',
    flag: { short: 'm', value: '<model>' },
  },
  ...trials,
  out: {
    kind: 'string',
    default: 'optimized',
    about: 'folder for the results and the journal; pass the same one to continue',
    flag: { short: 'o', value: '<folder>' },
  },
  maxDrop: {
    kind: 'number',
    range: [0, 100],
    default: 1,
    about: 'maximum loss of AP50 in points, on the evaluation split',
    flag: { value: '<points>' },
  },
  ms: {
    kind: 'any',
    about: 'stop at this many milliseconds, or at a share such as 50%',
    otherwise: 'as fast as possible',
    flag: { value: '<target>' },
  },
  minutes: {
    kind: 'number',
    range: [0.01, 30_000],
    about: 'stop after this many minutes, final training included',
    otherwise: 'no limit',
    flag: { value: '<n>' },
  },
  precision: {
    kind: 'string',
    choices: FILE_PRECISIONS,
    default: 'fastest',
    about: 'what the files compute in',
    flag: { value: '<name>' },
  },
  epochs: { ...epochs, default: 3, about: 'passes over the training images after each step' },
  finalEpochs: {
    ...epochs,
    range: [0, 1_000_000],
    default: 30,
    about: 'final passes over the training images; 0: none',
  },
  size: LOAD_OPTIONS.size,
} as const satisfies Readonly<Record<string, OptionRow>>;

export const OPTIMIZE_DEFAULTS = defaultsOf(OPTIMIZE_OPTIONS);
