import type { Size } from '../boxes/formats.ts';
import { defaultsOf, type OptionTable, pickRows } from '../foundation/errors/option-row.ts';
import { LOAD_OPTIONS } from './loading.ts';

/** How the range of a value is chosen that 8 bits cover. */
export const CALIBRATIONS = ['min-max', 'percentile', 'entropy', 'mse'] as const;

/** What is stored in fewer bits: weights and the values between layers (`int8`), or weights alone. */
export const PRECISIONS = ['int8', 'float16', 'weights8', 'weights4'] as const;

/** Which layers compute in 8 bits. */
export const LAYER_CHOICES = ['paying', 'all'] as const;

/** Activations that cost nothing in 8 bits. */
export const FAST_ACTIVATIONS = ['relu6', 'relu'] as const;

/** Minutes of a training, if nothing else is asked for. */
export const TRAINING_MINUTES = 5;

/** Options of quantizing a detector. */
export interface QuantizeOptions {
  /** Detector: a model file, an `.onnx` file, an https address, or the name of a model that ships. */
  readonly model: string;
  /** Weights of a Darknet `.cfg`. @default beside it */
  readonly weights?: string | undefined;
  /** File of class names, one a line. @default the model's */
  readonly names?: string | undefined;
  /** Family of an `.onnx` detector, if the file does not tell. */
  readonly as?: string | undefined;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Labeled images: `train` calibrates, and another split is evaluated on. */
  readonly data?: string | undefined;
  /** Split that is evaluated on; no test split if it decides. @default 'val' */
  readonly split?: string | undefined;
  /** Folder or files of images to calibrate with. @default the split `train` of `data` */
  readonly images?: readonly string[] | undefined;
  /** Images to calibrate with, 1–10,000. @default 64 */
  readonly samples?: number | undefined;
  /** What is stored in fewer bits. @default 'int8' */
  readonly precision?: (typeof PRECISIONS)[number] | undefined;
  /** How ranges are chosen. @default 'mse' */
  readonly calibration?: (typeof CALIBRATIONS)[number] | undefined;
  /** Of the calibration `percentile`: percent of the values that are kept, 50–100. @default 99.99 */
  readonly percentile?: number | undefined;
  /** Which layers compute in 8 bits: those that are faster so on this machine, or all but the first and the last. @default 'paying' */
  readonly layers?: (typeof LAYER_CHOICES)[number] | undefined;
  /** Points of AP50 that may be lost, more than 0 to 100: the layers that harm most stay in float. @default no limit */
  readonly maxDrop?: number | undefined;
  /**
   * Minutes of training on the split `train` with 8 bits simulated, above 0 to 100,000: the better of before and after is
   * kept. Only for detectors of this library. @default no training
   */
  readonly finetune?: number | undefined;
  /**
   * Function to put in the place of LeakyReLU, hard-swish, SiLU and their like, which is followed by a training of `finetune`
   * minutes, or of 5. It is kept if the network is faster and loses no more than `maxDrop`, or one point. @default none
   */
  readonly swapActivations?: (typeof FAST_ACTIVATIONS)[number] | undefined;
  /** Other settings of the trainings, as in an experiment file. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** Whether biases make up for what rounding weights shifts. @default true */
  readonly biasCorrection?: boolean | undefined;
  /** Whether weights of neighbors are scaled to like ranges first. @default true */
  readonly equalize?: boolean | undefined;
  /** Bits of weights, 7 or 8. @default 8; 7 on processors whose sums saturate */
  readonly weightBits?: number | undefined;
  /** CPU threads, 1–1024. @default as many as there are cores */
  readonly threads?: number | undefined;
  /** File to write, ending in .safetensors or .onnx. @default the model's name with the ending .int8.safetensors */
  readonly out?: string | undefined;
}

export const QUANTIZE_OPTIONS = {
  model: {
    kind: 'string',
    required: true,
    about: 'detector: a model file, an .onnx file, or the name of a bundled model',
    flag: { short: 'm', value: '<file>' },
  },
  data: {
    kind: 'string',
    about: 'labeled images: train for calibration, another split for evaluation',
    flag: { short: 'd', value: '<path>' },
  },
  images: {
    kind: 'strings',
    about: 'folder or files of images to calibrate with; repeatable',
    otherwise: 'the split train of the data',
    flag: { value: '<path>' },
  },
  samples: {
    kind: 'number',
    range: [1, 10_000],
    whole: true,
    default: 64,
    about: 'number of images to calibrate with',
    flag: { value: '<n>' },
  },
  split: {
    kind: 'string',
    about: 'split to evaluate on; with --max-drop, not a test split',
    otherwise: 'val',
    flag: { value: '<name>' },
  },
  maxDrop: {
    kind: 'number',
    about: 'maximum loss of AP50 in points: the most sensitive layers stay in float',
    otherwise: 'no limit',
    flag: { value: '<points>' },
  },
  finetune: {
    kind: 'number',
    range: [0.01, 100_000],
    about: 'minutes of training with 8 bits simulated; the better of before and after is kept',
    otherwise: 'none',
    flag: { value: '[minutes]', preset: String(TRAINING_MINUTES) },
  },
  swapActivations: {
    kind: 'string',
    choices: FAST_ACTIVATIONS,
    about: 'replace LeakyReLU, hard-swish, SiLU and the like, train, and keep that if it pays',
    otherwise: 'no swap',
    flag: { value: '[function]', preset: FAST_ACTIVATIONS[0] },
  },
  settings: { kind: 'object', about: 'any other training setting, as in train' },
  precision: {
    kind: 'string',
    choices: PRECISIONS,
    default: 'int8',
    about: 'precision of the result; only int8 also saves time',
    flag: { value: '<kind>' },
  },
  calibration: {
    kind: 'string',
    choices: CALIBRATIONS,
    default: 'mse',
    about: 'how the range of the 8-bit values is chosen',
    flag: { value: '<method>' },
  },
  percentile: {
    kind: 'number',
    range: [50, 100],
    default: 99.99,
    about: 'percent of the values that --calibration percentile keeps',
    flag: { value: '<50-100>' },
  },
  layers: {
    kind: 'string',
    choices: LAYER_CHOICES,
    default: 'paying',
    about: 'layers in 8 bits: those that become faster on this machine, or all but the first and last',
    flag: { value: '<which>' },
  },
  biasCorrection: {
    kind: 'boolean',
    default: true,
    about: 'correct biases for the shift caused by rounding weights',
  },
  equalize: {
    kind: 'boolean',
    default: true,
    about: 'scale the weights of neighboring layers to similar ranges first',
  },
  weightBits: {
    kind: 'number',
    range: [7, 8],
    whole: true,
    about: 'bits per weight',
    otherwise: '8; 7 on processors whose sums saturate',
    flag: { value: '<7|8>' },
  },
  ...pickRows(LOAD_OPTIONS, ['weights', 'names', 'as', 'size', 'threads']),
  out: {
    kind: 'string',
    about: 'file to write: .safetensors, or .onnx',
    otherwise: "the model's name with .int8.safetensors",
    flag: { short: 'o', value: '<file>' },
  },
} as const satisfies OptionTable<QuantizeOptions>;

export const QUANTIZE_DEFAULTS = defaultsOf(QUANTIZE_OPTIONS);
