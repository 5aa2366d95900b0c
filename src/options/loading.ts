import type { Size } from '../boxes/formats.ts';
import { RUNTIMES, type RuntimeName } from '../executors/names.ts';
import { type OptionTable, pickRows } from '../foundation/errors/option-row.ts';

/** Options for running a network. */
export interface RuntimeOptions {
  /** Runtime that executes the network. @default 'onnx' */
  readonly runtime?: RuntimeName | undefined;
  /** CPU threads of ONNX Runtime, 1–1024. @default the number of cores */
  readonly threads?: number | undefined;
  /**
   * Whether idle threads of ONNX Runtime sleep instead of spinning. This leaves cores to other work, such as decoding
   * the next images. A single image takes slightly longer. @default false; true in runs over many images
   */
  readonly shareCores?: boolean | undefined;
  /**
   * Whether ONNX Runtime runs in a worker thread. This keeps the event loop of a server or app free. An image takes
   * about a millisecond longer. @default false
   */
  readonly worker?: boolean | undefined;
  /** Whether to fail if the network would run on a CPU. @default false */
  readonly requireGpu?: boolean | undefined;
  /** Names of layers whose feature maps `run` also returns. @default none */
  readonly features?: readonly string[] | undefined;
}

/** Options for loading a model that runs on images. */
export interface LoadOptions extends RuntimeOptions {
  /**
   * Weights file of a Darknet `.cfg`. Ignored for a model in memory.
   * @default the cfg's path with the extension .weights
   */
  readonly weights?: string | undefined;
  /** File of class names, one per line. Ignored for a model in memory. @default the model's names */
  readonly names?: string | undefined;
  /** Input size in pixels: a side or width and height, 32–8192. @default the model's */
  readonly size?: number | Size | undefined;
  /** Family of an `.onnx` detector, if the file does not show it: `yolox`, `yolov8` … */
  readonly as?: string | undefined;
  /**
   * Called with each warning about ignored or missing parts of the model's files, one line each.
   * @default emits a process warning
   */
  readonly onWarning?: ((message: string) => void) | undefined;
}

export const LOAD_OPTIONS = {
  weights: {
    kind: 'string',
    about: 'weights for a .cfg',
    otherwise: "the cfg's name with .weights",
    flag: { value: '<file>' },
  },
  names: {
    kind: 'string',
    about: 'class names, one per line',
    otherwise: "the model's; for a .cfg, the .names file beside it",
    flag: { value: '<file>' },
  },
  as: {
    kind: 'string',
    about: 'family of an .onnx model that is not recognized: yolox, yolov8 …',
    flag: { value: '<family>' },
  },
  size: {
    kind: 'size',
    about: 'network input: a side, or WIDTHxHEIGHT',
    otherwise: "the model's",
    flag: { value: '<px>' },
  },
  threads: {
    kind: 'number',
    range: [1, 1024],
    whole: true,
    about: 'CPU threads',
    otherwise: 'all cores',
    flag: { value: '<n>' },
  },
  runtime: {
    kind: 'string',
    choices: RUNTIMES,
    default: 'onnx',
    about: 'runtime',
    flag: { value: '<name>' },
  },
  shareCores: {
    kind: 'boolean',
    about: 'let idle threads sleep, which helps other work on the machine',
    otherwise: 'false; true over many images',
  },
  worker: { kind: 'boolean', default: false, about: 'run in a worker thread' },
  requireGpu: { kind: 'boolean', default: false, about: 'fail if nothing computes on a GPU', flag: {} },
  features: { kind: 'strings', about: 'layers whose maps are also returned', otherwise: 'none' },
  onWarning: {
    kind: 'function',
    about: 'called with a message about anything that is ignored',
    otherwise: 'a warning of the process',
  },
} as const satisfies OptionTable<LoadOptions>;

/** How images are fitted into a detector's input. */
export const RESIZE_OPTION = {
  kind: 'string',
  choices: ['letterbox', 'stretch'],
  about: 'how images are fitted into the input',
  otherwise: "the model's",
  flag: { value: '<mode>' },
} as const;

/** A labeled photo that determines how an `.onnx` file is decoded. */
export interface CalibrationPhoto {
  /** A photo with several objects of the model's classes. */
  readonly calibrate?: string | undefined;
  /** COCO JSON with that photo's true boxes. */
  readonly truth?: string | undefined;
}

export const CALIBRATION_OPTIONS = {
  calibrate: {
    kind: 'string',
    about: 'labeled photo that decides how an .onnx model is decoded; needs --truth',
    flag: { value: '<photo>' },
  },
  truth: {
    kind: 'string',
    about: 'COCO file with the boxes of the photo in --calibrate',
    flag: { value: '<file>' },
  },
} as const satisfies OptionTable<CalibrationPhoto>;

/** Flags for loading a classifier. Classifiers cannot be `.onnx` files. */
export const CLASSIFIER_FLAGS = pickRows(LOAD_OPTIONS, [
  'weights',
  'names',
  'size',
  'threads',
  'runtime',
  'requireGpu',
]);

/** Flags for loading a detector. */
export const DETECTOR_FLAGS = { ...LOAD_OPTIONS, ...CALIBRATION_OPTIONS, resize: RESIZE_OPTION } as const;
