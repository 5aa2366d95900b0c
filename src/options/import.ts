import type { OptionRow } from '../foundation/errors/option-row.ts';
import { CALIBRATION_OPTIONS, LOAD_OPTIONS } from './loading.ts';

const half = {
  kind: 'boolean',
  default: false,
  about: 'store weights in half precision: half the size',
  flag: {},
} as const;

const out = {
  kind: 'string',
  about: 'file to write, .safetensors',
  otherwise: "the input's name with that extension",
  flag: { short: 'o', value: '<file>' },
} as const;

/** Options for importing Keras or torchvision weights. */
export const IMPORT_OPTIONS = {
  weights: { kind: 'string', required: true, about: '.keras, .h5, or .safetensors of a state_dict' },
  network: {
    kind: 'string',
    required: true,
    about:
      'for Keras and torchvision weights: the matching network, such as mobilenet-v2:0.35 or efficientnet-b0',
    flag: { short: 'n', value: '<name>' },
  },
  names: { ...LOAD_OPTIONS.names, otherwise: 'those in or beside the file' },
  size: { ...LOAD_OPTIONS.size, otherwise: "the graph's or the paper's" },
  half,
  out,
} as const satisfies Readonly<Record<string, OptionRow>>;

const { network: _network, weights: _weights, ...both } = IMPORT_OPTIONS;
const { required: _required, ...network } = IMPORT_OPTIONS.network;

/** Options for importing an ONNX detector. */
export const IMPORT_GRAPH_OPTIONS = {
  model: { kind: 'string', required: true, about: '.onnx file of a detector' },
  as: LOAD_OPTIONS.as,
  ...CALIBRATION_OPTIONS,
  ...both,
} as const satisfies Readonly<Record<string, OptionRow>>;

/** Flags of `import`, for both kinds of files. */
export const IMPORT_FLAGS = {
  ...IMPORT_GRAPH_OPTIONS,
  network,
} as const;
