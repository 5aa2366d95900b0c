import { ENGINES } from '../executors/step/names.ts';
import type { OptionRow } from '../foundation/errors/option-row.ts';
import { EVALUATE_OPTIONS } from './evaluate.ts';
import { LOAD_OPTIONS } from './loading.ts';

/** Where decoded images are kept: `auto` uses memory, or else the disk, or else decodes images each time. */
export const CACHES = ['auto', 'memory', 'disk', 'none'] as const;

const count = { kind: 'number', whole: true, flag: { value: '<n>' } } as const;

/** Run settings that have flags. Their texts also describe them in the experiment file. */
export const SETTING_OPTIONS = {
  data: {
    kind: 'string',
    about: EVALUATE_OPTIONS.data.about,
    flag: { short: 'd', value: '<path>' },
  },
  model: {
    kind: 'string',
    default: 'micro-yolo',
    about:
      'network by name (micro-yolo, mobilenet-v2:0.5/fpn …), or a model file to start from; with only weights, their network',
    flag: { short: 'm', value: '<model>' },
  },
  valShare: {
    kind: 'number',
    range: [0, 1],
    about: 'for data without an evaluation split: share of the images held out for evaluation, such as 0.2',
    flag: { value: '<share>' },
  },
  epochs: { ...count, range: [1, 1_000_000], default: 100, about: 'passes over the training images' },
  maxMinutes: {
    kind: 'number',
    range: [0, 1_000_000],
    about: 'duration of the run, instead of epochs; the schedule adapts to it',
    flag: { value: '<n>' },
  },
  size: {
    kind: 'size',
    default: 320,
    about: 'network input in pixels: a side, or width and height',
    flag: { value: '<px>' },
  },
  batch: { ...count, range: [1, 1024], default: 8, about: 'images per step' },
  learningRate: {
    kind: 'number',
    range: [0, 100],
    default: 0.002,
    about: 'peak learning rate per update',
    flag: { value: '<x>' },
  },
  weights: {
    kind: 'string',
    about:
      'model to start from: uses the tensors that fit, and matches classes by name; for a Darknet .cfg: its weights file, or one of its first layers',
    flag: { value: '<model>' },
  },
  teacher: {
    kind: 'string',
    about:
      'model (.safetensors, .cfg or .onnx) to learn from, besides the labels; loss.gains.distill is its weight',
    flag: { value: '<file>' },
  },
  teacherWeights: {
    kind: 'string',
    about: "weights for a teacher's .cfg",
    otherwise: 'beside it',
    flag: { value: '<file>' },
  },
  freeze: {
    kind: 'strings',
    about: 'layers that are not trained: names, or prefixes with *',
    flag: { value: '<layers>', list: true },
  },
  seed: {
    ...count,
    range: [0, 2 ** 32 - 1],
    default: 1,
    about: 'seed of weights, order and augmentation',
  },
  patience: {
    ...count,
    range: [0, 1_000_000],
    default: 0,
    about: 'end the run after this many evaluations without a better mAP (classifier: top-1); 0: never',
  },
  name: {
    kind: 'string',
    about: 'name of the run folder',
    otherwise: 'from the data',
    flag: { value: '<name>' },
  },
  runs: {
    kind: 'string',
    default: 'runs',
    about: 'folder for the run folders',
    flag: { value: '<folder>' },
  },
  engine: {
    kind: 'string',
    choices: ENGINES,
    default: 'auto',
    about: 'engine that runs the training steps',
    flag: { value: '<name>' },
  },
  threads: LOAD_OPTIONS.threads,
  workers: { ...count, range: [1, 64], default: 1, about: 'threads that make batches' },
  cache: {
    kind: 'string',
    choices: CACHES,
    default: 'auto',
    about: 'where to keep decoded images',
    flag: { value: '<kind>' },
  },
} as const satisfies Readonly<Record<string, OptionRow>>;

/** Training options that are not settings of the run. */
export const TRAIN_OPTIONS = {
  config: {
    kind: 'string',
    about: 'experiment file (.yaml); flags override it',
    flag: { short: 'c', value: '<file>' },
  },
  settings: { kind: 'object', about: "settings that override the file's" },
  resume: {
    kind: 'string',
    about: 'continue the run in this folder; more epochs or minutes extend it',
    flag: { value: '<folder>' },
  },
  requireGpu: LOAD_OPTIONS.requireGpu,
} as const satisfies Readonly<Record<string, OptionRow>>;
