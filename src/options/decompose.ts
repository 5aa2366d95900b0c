import type { OptionRow } from '../foundation/errors/option-row.ts';
import { SHRINKING_OPTIONS } from './shrinking.ts';

/** Methods that split a kernel. */
export const METHODS = ['svd', 'spatial', 'tucker'] as const;

/** How ranks are chosen: by the energy of the kernels alone, or by the error of the outputs on images. */
export const RANK_RULES = ['energy', 'sensitivity'] as const;

const share = { kind: 'number', range: [0.01, 0.99], flag: { value: '<share>' } } as const;
const { model, weights, maxDrop, ...measuring } = SHRINKING_OPTIONS;

/** Options for replacing kernels with products of smaller ones. */
export const DECOMPOSE_OPTIONS = {
  model,
  weights,
  parameters: { ...share, about: 'share of the parameters to keep, such as 0.5' },
  macs: { ...share, about: 'share of the multiply-accumulates to keep instead' },
  ranks: {
    kind: 'string',
    choices: RANK_RULES,
    about: 'what decides the ranks',
    otherwise: 'sensitivity with --data',
    flag: { value: '<rule>' },
  },
  methods: {
    kind: 'strings',
    choices: METHODS,
    about: 'methods that split kernels, separated by commas',
    otherwise: 'all',
    flag: { value: '<names>', list: true },
  },
  ...measuring,
  maxDrop: {
    ...maxDrop,
    about: 'maximum loss of AP50 in points; without a share, finds the smallest network within this limit',
  },
  out: {
    kind: 'string',
    about: 'file to write',
    otherwise: 'the name of the model, ending in .low-rank.safetensors',
    flag: { short: 'o', value: '<file>' },
  },
} as const satisfies Readonly<Record<string, OptionRow>>;
