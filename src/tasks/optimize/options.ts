import type { Size } from '../../boxes/formats.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { splitOptions } from '../../foundation/errors/option-row.ts';
import { type FILE_PRECISIONS, OPTIMIZE_DEFAULTS, OPTIMIZE_OPTIONS } from '../../options/optimize.ts';
import { checkTolerance, parseTarget } from '../prune/options.ts';
import { refuseTestSplit } from '../prune/refuse-test-split.ts';
import type { GivenSettings } from '../train/settings-file.ts';

/** What is optimized, and how far. */
export interface OptimizeOptions {
  /** Detector to optimize: a model file, or the name of a model that ships. */
  readonly model: string;
  /** Labeled images with a split `train` and one to evaluate on. */
  readonly data: string;
  /** Folder of the outcome and the journal; with a journal of the same work it goes on. @default 'optimized' */
  readonly out?: string | undefined;
  /** Points of AP50 that may be lost, more than 0 to 100. @default 1 */
  readonly maxDrop?: number | undefined;
  /** Milliseconds to come down to, or a share of the model's, `"50%"`. @default as few as possible */
  readonly ms?: number | string | undefined;
  /** Minutes for all of it, 0.01–30,000; breaks do not count. @default no limit */
  readonly minutes?: number | undefined;
  /** What the files compute in: the faster of both on this machine, or one of them. @default 'fastest' */
  readonly precision?: (typeof FILE_PRECISIONS)[number] | undefined;
  /** Passes over the training images after each step. @default 3 */
  readonly epochs?: number | undefined;
  /** Passes at the end; 0 leaves them out. With `minutes` the time that is left instead. @default 30 */
  readonly finalEpochs?: number | undefined;
  /** Split that is evaluated on; no test split. @default 'val' */
  readonly split?: string | undefined;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Of training. @default 1 */
  readonly seed?: number | undefined;
  /** CPU threads. @default all cores */
  readonly threads?: number | undefined;
  /** Other settings of the trainings, as in an experiment file. */
  readonly settings?: GivenSettings | undefined;
  /** Folder of the table of measured times. @default the system's for caches */
  readonly tables?: string | undefined;
}

/** The options with defaults filled in. */
export type FilledOptimizeOptions = OptimizeOptions & {
  readonly [Name in keyof typeof OPTIMIZE_DEFAULTS]-?: NonNullable<OptimizeOptions[Name]>;
};

/**
 * Checks options and fills in the defaults.
 * @throws MicroYoloError `invalid-argument` for values that are out of range
 */
export function completeOptions(options: OptimizeOptions): FilledOptimizeOptions {
  checkOptions('optimizeDetector options', options, OPTIMIZE_OPTIONS);
  const [, given] = splitOptions(options, {});
  const filled = { ...OPTIMIZE_DEFAULTS, ...given } as FilledOptimizeOptions;
  checkTolerance(filled.maxDrop);
  refuseTestSplit(filled.split);
  if (filled.ms !== undefined) parseTarget('ms', filled.ms, 1);
  return filled;
}

/**
 * Milliseconds to come down to; undefined if none are asked for.
 * @param whole of the first model
 * @throws MicroYoloError `invalid-argument` if it takes no more already
 */
export function targetOf({ ms, model }: OptimizeOptions, whole: number): number | undefined {
  if (ms === undefined) return undefined;
  const target = parseTarget('ms', ms, whole);
  if (target < whole) return target;
  throw new MicroYoloError(
    'invalid-argument',
    `ms ${ms}: ${model} already takes ${whole.toFixed(2)}, expected less than that`,
    { field: 'ms', received: ms },
  );
}
