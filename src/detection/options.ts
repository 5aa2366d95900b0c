import { NMS_METHODS, type NmsMethod } from '../boxes/nms/suppress.ts';
import { selectClasses } from '../foundation/classes/select-classes.ts';
import { checkOptions, type OptionKinds } from '../foundation/errors/check-options.ts';
import { checkChoice, checkRange } from '../foundation/errors/check-range.ts';
import { checkMaxPixels } from '../image/decode.ts';
import type { DecoderDefaults } from './decoders/decoder.ts';

/** Options of detecting. */
export interface DetectOptions {
  /** Detections score more than this, 0–1. @default 0.25 */
  readonly scoreThreshold?: number | undefined;
  /** Of two boxes of a class that overlap by more than this (IoU, 0–1), the worse goes. @default the model's, mostly 0.45 */
  readonly iouThreshold?: number | undefined;
  /** The best so many are kept. @default 100 */
  readonly maxDetections?: number | undefined;
  /**
   * Only these labels; a text that is no label is a list of them, separated by commas. COCO's and Darknet's names mean the
   * same, such as `couch` and `sofa`. @default all
   */
  readonly classes?: readonly string[] | undefined;
  /** How overlapping boxes are thinned out. @default 'greedy' */
  readonly nms?: NmsMethod | undefined;
  /** Whether boxes of different classes suppress each other. @default false */
  readonly agnosticNms?: boolean | undefined;
  /** Whether a box counts once for each class that scores enough, not for its best only. @default the model's */
  readonly multiLabel?: boolean | undefined;
  /** Whether boxes are cut at the image's edges. @default true */
  readonly clip?: boolean | undefined;
  /** Larger images are refused, in pixels. @default 100,000,000 */
  readonly maxPixels?: number | undefined;
}

/** Defaults of detecting. */
export const DETECT_DEFAULTS = {
  scoreThreshold: 0.25,
  iouThreshold: 0.45,
  maxDetections: 100,
  nms: 'greedy',
  agnosticNms: false,
  clip: true,
} as const satisfies DetectOptions;

const KINDS: OptionKinds<DetectOptions> = {
  scoreThreshold: 'number',
  iouThreshold: 'number',
  maxDetections: 'number',
  classes: 'strings',
  nms: 'string',
  agnosticNms: 'boolean',
  multiLabel: 'boolean',
  clip: 'boolean',
  maxPixels: 'number',
};

/** Options with their defaults filled in. */
export type DetectSettings = DetectOptions & {
  readonly [K in keyof typeof DETECT_DEFAULTS | 'multiLabel']: NonNullable<DetectOptions[K]>;
};

/** The options, with defaults for those that are missing or undefined: the decoder's own before the general ones. */
export function settingsOf(
  options: DetectOptions,
  { iouThreshold, multiLabel }: DecoderDefaults,
): DetectSettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...DETECT_DEFAULTS, iouThreshold, multiLabel, ...Object.fromEntries(given) };
}

/**
 * Checks options against the classes that a model knows.
 * @throws MicroYoloError `invalid-argument` naming the option, its value and what is expected
 */
export function checkDetectOptions(options: DetectOptions, classes: readonly string[]): void {
  checkOptions('detect options', options, KINDS);
  const {
    scoreThreshold = DETECT_DEFAULTS.scoreThreshold,
    iouThreshold = DETECT_DEFAULTS.iouThreshold,
    maxDetections = DETECT_DEFAULTS.maxDetections,
    nms = DETECT_DEFAULTS.nms,
    maxPixels,
  } = options;
  checkRange('scoreThreshold', scoreThreshold, 0, 1);
  checkRange('iouThreshold', iouThreshold, 0, 1);
  checkRange('maxDetections', maxDetections, 1, 1_000_000, true);
  checkMaxPixels(maxPixels);
  checkChoice('nms', nms, NMS_METHODS);
  if (options.classes) selectClasses(options.classes, classes, 'the model');
}
