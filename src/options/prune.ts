import { defaultsOf, type OptionRow } from '../foundation/errors/option-row.ts';
import { LOAD_OPTIONS } from './loading.ts';
import { TRIAL_OPTIONS } from './trials.ts';

/** Criteria that choose the channels to remove. */
export const IMPORTANCES = ['l1', 'l2', 'norm-scale', 'taylor', 'random'] as const;

const { epochs } = TRIAL_OPTIONS;

/** Options for pruning. */
export const PRUNE_OPTIONS = {
  model: {
    kind: 'string',
    required: true,
    about: 'detector to prune: a model file, or the name of a bundled model',
    flag: { short: 'm', value: '<model>' },
  },
  ...TRIAL_OPTIONS,
  out: {
    kind: 'string',
    required: true,
    about: 'folder for the result and the journal; pass the same one to continue',
    flag: { short: 'o', value: '<folder>' },
  },
  maxDrop: {
    kind: 'number',
    range: [0, 100],
    about: 'maximum loss of AP50 in points, on the evaluation split',
    otherwise: '0.7',
    flag: { value: '<points>' },
  },
  ms: {
    kind: 'any',
    about: 'prune in one step to this many milliseconds, or to a share such as 50%',
    flag: { value: '<target>' },
  },
  macs: {
    kind: 'any',
    about: 'prune in one step to this many billion multiply-accumulates, or to a share such as 50%',
    flag: { value: '<target>' },
  },
  netadapt: {
    kind: 'any',
    about: 'prune in NetAdapt rounds to this many milliseconds, or to a share such as 50%',
  },
  singleWeights: {
    kind: 'number',
    range: [0, 1],
    about:
      'instead of removing channels, set this share of single weights to 0; the network does not become faster',
    flag: { value: '<share>' },
  },
  importance: {
    kind: 'string',
    choices: IMPORTANCES,
    default: 'l1',
    about: 'which channels are removed first',
    flag: { value: '<kind>' },
  },
  coarse: {
    kind: 'number',
    range: [0, 0.9],
    default: 0.25,
    about: "share of a layer's channels that a coarse step removes",
    flag: { value: '<share>' },
  },
  epochs: { ...epochs, default: 3, about: 'passes over the training images after each pruning step' },
  finalEpochs: {
    ...epochs,
    range: [0, 1_000_000],
    default: 30,
    about: 'final passes, starting from the pruned weights; 0: none',
  },
  scratchEpochs: {
    ...epochs,
    range: [0, 1_000_000],
    about: 'final passes, starting from scratch; 0: none',
    otherwise: '60; 0 with ms or macs',
  },
  size: LOAD_OPTIONS.size,
} as const satisfies Readonly<Record<string, OptionRow>>;

export const PRUNE_DEFAULTS = defaultsOf(PRUNE_OPTIONS);
