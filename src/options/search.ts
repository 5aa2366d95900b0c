import { defaultsOf, type OptionRow } from '../foundation/errors/option-row.ts';
import { TRIAL_OPTIONS } from './trials.ts';

/**
 * Objectives of a search. `map`: the best AP. `macs`, `latency`: the Pareto front of AP against multiply-accumulates
 * or milliseconds. `mnasnet`: MnasNet's reward AP · (ms / target)^−0.07 (https://arxiv.org/abs/1807.11626).
 */
export const OBJECTIVES = ['map', 'macs', 'latency', 'mnasnet'] as const;

/** Properties that a search can vary. */
export const SPACES = ['kernels', 'widths', 'expansions', 'depths', 'heads', 'size'] as const;

const count = { kind: 'number', whole: true, flag: { value: '<n>' } } as const;

/** Options for searching. */
export const SEARCH_OPTIONS = {
  model: {
    kind: 'string',
    required: true,
    about: 'detector to vary; for netadapt, a trained model',
    flag: { short: 'm', value: '<name>' },
  },
  ...TRIAL_OPTIONS,
  out: {
    kind: 'string',
    default: 'search',
    about: 'folder for the result and the journal; pass the same one to continue',
    flag: { short: 'o', value: '<folder>' },
  },
  space: {
    kind: 'strings',
    choices: SPACES,
    default: ['kernels'],
    about: 'what varies; separate several with commas',
    flag: { value: '<names>', list: true },
  },
  objective: {
    kind: 'string',
    choices: OBJECTIVES,
    default: 'map',
    about: 'how candidates are ranked',
    flag: { value: '<name>' },
  },
  trials: {
    ...count,
    range: [2, 100_000],
    default: 30,
    about: 'maximum number of candidates; they are drawn at random if the space has more',
  },
  epochs: {
    ...TRIAL_OPTIONS.epochs,
    default: 10,
    about: 'passes over the training images in the first rung',
  },
  rungs: {
    ...count,
    range: [1, 10],
    default: 2,
    about: 'rungs of successive halving; 1 trains all candidates once',
  },
  factor: {
    ...count,
    range: [2, 100],
    default: 3,
    about: 'one in n candidates continues to the next rung, trained n times as long',
  },
  jobs: { ...count, range: [1, 256], default: 1, about: 'number of trials at once, each in its own process' },
  size: {
    ...count,
    range: [64, 2048],
    default: 320,
    about: 'side of the network input',
    otherwise: "320; for netadapt, the model's",
    flag: { value: '<px>' },
  },
  target: {
    kind: 'number',
    range: [0.001, 1_000_000],
    about: "target milliseconds, for mnasnet's reward or for netadapt",
    otherwise: "the model's own time; for netadapt 50%",
    flag: { value: '<ms>' },
  },
  seed: { ...TRIAL_OPTIONS.seed, about: 'seed of the candidates and of training' },
  threads: {
    ...TRIAL_OPTIONS.threads,
    about: 'CPU threads per trial',
    otherwise: 'all cores, divided among the jobs',
  },
} as const satisfies Readonly<Record<string, OptionRow>>;

export const SEARCH_DEFAULTS = defaultsOf(SEARCH_OPTIONS);
