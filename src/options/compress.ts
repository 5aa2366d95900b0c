import type { OptionRow } from '../foundation/errors/option-row.ts';
import { SHRINKING_OPTIONS } from './shrinking.ts';

/** How weights are stored: few shared values in Huffman codes (Deep Compression), or integers (distribution shift). */
export const COMPRESS_METHODS = ['share', 'shift'] as const;

/** How k-means is initialized when it searches for shared values. */
export const INITIALIZATIONS = ['linear', 'density', 'random'] as const;

/** How depthwise kernels are treated. A block of input channels would contain only one weight per kernel position. */
export const DEPTHWISE_SHIFTS = ['float', 'places'] as const;

const { model, weights, minutes, ...measuring } = SHRINKING_OPTIONS;

/** Options for compressing a model. */
export const COMPRESS_OPTIONS = {
  model,
  weights,
  method: {
    kind: 'string',
    choices: COMPRESS_METHODS,
    default: 'share',
    about: 'how weights are stored',
    flag: { value: '<name>' },
  },
  centers: {
    kind: 'number',
    range: [2, 4096],
    whole: true,
    about: 'share: number of different values per kernel',
    otherwise: '256; 32 in dense layers',
    flag: { value: '<n>' },
  },
  sparsity: {
    kind: 'number',
    range: [0, 0.99],
    default: 0,
    about: "share: set this share of each kernel's weights to 0, the smallest first",
    flag: { value: '<0-0.99>' },
  },
  initialization: {
    kind: 'string',
    choices: INITIALIZATIONS,
    default: 'linear',
    about: 'share: how k-means starts',
    flag: { value: '<how>' },
  },
  bits: {
    kind: 'number',
    range: [2, 8],
    whole: true,
    default: 4,
    about: 'shift: bits per weight',
    flag: { value: '<2-8>' },
  },
  block: {
    kind: 'number',
    range: [1, 65_536],
    whole: true,
    default: 32,
    about: 'shift: input channels that share a factor',
    flag: { value: '<n>' },
  },
  depthwise: {
    kind: 'string',
    choices: DEPTHWISE_SHIFTS,
    default: 'float',
    about: 'shift: whether depthwise kernels stay in float, or each channel is a block',
    flag: { value: '<how>' },
  },
  ...measuring,
  minutes: {
    ...minutes,
    about:
      'minutes of training (share: zeros stay 0, and equal values stay equal; shift: only norms and biases)',
  },
  out: {
    kind: 'string',
    about: 'file to write',
    otherwise: 'the name of the model, ending in .small.safetensors',
    flag: { short: 'o', value: '<file>' },
  },
} as const satisfies Readonly<Record<string, OptionRow>>;
