import type { OptionRow } from '../foundation/errors/option-row.ts';
import { LOAD_OPTIONS } from './loading.ts';

/** Where the search for shared numbers begins. */
export const INITIALIZATIONS = ['linear', 'density', 'random'] as const;

/** Options of writing a model in few bytes. */
export const COMPRESS_OPTIONS = {
  model: {
    kind: 'string',
    required: true,
    about: 'model file, or the name of a bundled model',
    flag: { short: 'm', value: '<model>' },
  },
  weights: LOAD_OPTIONS.weights,
  centers: {
    kind: 'number',
    range: [2, 4096],
    whole: true,
    default: 256,
    about: 'number of different values per kernel',
    flag: { value: '<n>' },
  },
  sparsity: {
    kind: 'number',
    range: [0, 0.99],
    default: 0,
    about: "set this share of each kernel's weights to 0, the smallest first",
    flag: { value: '<0-0.99>' },
  },
  initialization: {
    kind: 'string',
    choices: INITIALIZATIONS,
    default: 'linear',
    about: 'how k-means starts',
    flag: { value: '<how>' },
  },
  out: {
    kind: 'string',
    about: 'file to write',
    otherwise: 'the name of the model, ending in .small.safetensors',
    flag: { short: 'o', value: '<file>' },
  },
} as const satisfies Readonly<Record<string, OptionRow>>;
