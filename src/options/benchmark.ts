import { ENGINES } from '../executors/step/names.ts';
import { defaultsOf, type OptionRow } from '../foundation/errors/option-row.ts';
import { LOAD_OPTIONS } from './loading.ts';

const { size, threads, runtime, shareCores, worker, requireGpu, features, as } = LOAD_OPTIONS;

const model = {
  kind: 'string',
  about: 'model file (.safetensors, .cfg, .onnx), or a name: micro-yolo, mobilenet-v2:0.5/fpn …',
  otherwise: 'micro-yolo-coco; micro-yolo with --train',
  flag: { short: 'm', value: '<model>' },
} as const;

const batch = {
  kind: 'number',
  range: [1, 4096],
  whole: true,
  about: 'images per run or step',
  flag: { value: '<n>' },
} as const;

const steps = {
  kind: 'number',
  range: [1, 100_000],
  whole: true,
  default: 20,
  about: 'number of runs or steps to measure',
  flag: { value: '<n>' },
} as const;

/** Options for timing detection. */
export const BENCHMARK_DETECTION_OPTIONS = {
  ...{ model, as, size, steps, threads, requireGpu, shareCores, worker, features },
  batch: { ...batch, otherwise: "1, or the graph's batch size; 8 with --train" },
  runtime: { ...runtime, about: 'runtime for detection' },
  image: {
    kind: 'string',
    about: 'photo to detect in',
    otherwise: 'a bundled one',
    flag: { value: '<file>' },
  },
  throughput: {
    kind: 'boolean',
    default: false,
    about: 'also measure images per second by threads and batch',
    flag: {},
  },
  compare: {
    kind: 'boolean',
    default: false,
    about: 'also time the network in other Python packages; PYTHON is the path of the interpreter',
    flag: {},
  },
} as const satisfies Readonly<Record<string, OptionRow>>;

/** Options for timing training. */
export const BENCHMARK_TRAINING_OPTIONS = {
  model: { ...model, required: true },
  ...{ size, steps, threads, requireGpu },
  batch: { ...batch, default: 8 },
  engine: {
    kind: 'string',
    choices: ENGINES,
    default: 'auto',
    about: 'engine for training',
    flag: { value: '<name>' },
  },
  tune: {
    kind: 'boolean',
    default: false,
    about: 'first measure which form of each gradient is fastest',
    flag: {},
  },
} as const satisfies Readonly<Record<string, OptionRow>>;

/** Default options for timing training. */
export const BENCHMARK_TRAINING_DEFAULTS = defaultsOf(BENCHMARK_TRAINING_OPTIONS);
