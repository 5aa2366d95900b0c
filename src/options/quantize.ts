import type { Size } from '../boxes/formats.ts';
import { defaultsOf, type OptionTable, pickRows } from '../foundation/errors/option-row.ts';
import { LOAD_OPTIONS } from './loading.ts';

/** Methods that choose the value range that 8 bits cover. */
export const CALIBRATIONS = ['min-max', 'percentile', 'entropy', 'mse'] as const;

/** Precisions of the result: weights and activations in 8 bits (`int8`), or only weights in fewer bits (the others). */
export const PRECISIONS = ['int8', 'float16', 'weights8', 'weights4'] as const;

/** Which layers compute in 8 bits. */
export const LAYER_CHOICES = ['paying', 'all'] as const;

/** Activations that cost nothing in 8 bits. */
export const FAST_ACTIVATIONS = ['relu6', 'relu'] as const;

/** Default length of a training run, in minutes. */
export const TRAINING_MINUTES = 5;

/** Options for quantizing a detector. */
export interface QuantizeOptions {
  /** Detector: a model file, an `.onnx` file, an https address, or the name of a bundled model. */
  readonly model: string;
  /** Weights file of a Darknet `.cfg`. @default the one beside the cfg */
  readonly weights?: string | undefined;
  /** File of class names, one per line. @default the model's names */
  readonly names?: string | undefined;
  /** Family of an `.onnx` detector, if the file does not show it. */
  readonly as?: string | undefined;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Labeled images: the split `train` for calibration, another split for evaluation. */
  readonly data?: string | undefined;
  /** Split to evaluate on. Must not be a test split with `maxDrop`. @default 'val' */
  readonly split?: string | undefined;
  /** Folder or files of images to calibrate with. @default the split `train` of `data` */
  readonly images?: readonly string[] | undefined;
  /** Number of images to calibrate with, 1–10,000. @default 64 */
  readonly samples?: number | undefined;
  /** Precision of the result. Only `int8` also saves time. @default 'int8' */
  readonly precision?: (typeof PRECISIONS)[number] | undefined;
  /** How the range of the 8-bit values is chosen. @default 'mse' */
  readonly calibration?: (typeof CALIBRATIONS)[number] | undefined;
  /** For the calibration `percentile`: percent of the values inside the range, 50–100. @default 99.99 */
  readonly percentile?: number | undefined;
  /**
   * Layers in 8 bits: those that become faster on this machine (`paying`), or all but the first and the last (`all`).
   * @default 'paying'
   */
  readonly layers?: (typeof LAYER_CHOICES)[number] | undefined;
  /**
   * Maximum loss of AP50 in points, above 0 to 100. The most sensitive layers stay in float until the loss is within
   * the limit.
   * @default no limit
   */
  readonly maxDrop?: number | undefined;
  /**
   * Minutes of training on the split `train` with 8 bits simulated, 0.01–100,000. The better weights of before and
   * after are kept. Only for this library's own detectors. @default no training
   */
  readonly finetune?: number | undefined;
  /**
   * Activation that replaces LeakyReLU, hard-swish, SiLU and similar ones. The network is then trained for `finetune`
   * minutes, or 5. The swap is kept if the network is faster and its AP50 falls by at most `maxDrop`, or 1 point.
   * @default none
   */
  readonly swapActivations?: (typeof FAST_ACTIVATIONS)[number] | undefined;
  /** Other training settings, as in an experiment file. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** Whether to correct biases for the shift caused by rounding weights. @default true */
  readonly biasCorrection?: boolean | undefined;
  /** Whether to first scale the weights of neighboring layers to similar ranges. @default true */
  readonly equalize?: boolean | undefined;
  /** Bits per weight, 7 or 8. @default 8; 7 on processors whose 16-bit sums saturate */
  readonly weightBits?: number | undefined;
  /** CPU threads, 1–1024. @default the number of cores */
  readonly threads?: number | undefined;
  /** File to write, ending in .safetensors or .onnx. @default the model's name with the extension .int8.safetensors */
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
    about: 'replace LeakyReLU, hard-swish, SiLU and the like, train, and keep the swap if it pays off',
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
