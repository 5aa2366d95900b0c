import type { Size } from '../../boxes/formats.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { splitOptions } from '../../foundation/errors/option-row.ts';
import { type FILE_PRECISIONS, OPTIMIZE_DEFAULTS, OPTIMIZE_OPTIONS } from '../../options/optimize.ts';
import { checkTolerance, parseTarget } from '../prune/options.ts';
import { refuseTestSplit } from '../prune/refuse-test-split.ts';
import type { GivenSettings } from '../train/settings-file.ts';

/** Options for optimizing a detector. */
export interface OptimizeOptions {
  /** Detector to optimize: a model file, or the name of a bundled model. */
  readonly model: string;
  /** Labeled images with a split `train`, and another split for evaluation. */
  readonly data: string;
  /** Folder for the results and the journal. Pass the same one to continue. @default 'optimized' */
  readonly out?: string | undefined;
  /** Maximum loss of AP50 in points, above 0 to 100. @default 1 */
  readonly maxDrop?: number | undefined;
  /** Target milliseconds, or a share of the model's, such as `"50%"`. @default as fast as possible */
  readonly ms?: number | string | undefined;
  /** Total minutes, including final training, 0.01–30,000. Interruptions do not count. @default no limit */
  readonly minutes?: number | undefined;
  /** Precision of the files: the faster one on this machine, `float32` or `int8`. @default 'fastest' */
  readonly precision?: (typeof FILE_PRECISIONS)[number] | undefined;
  /** Passes over the training images after each step. @default 3 */
  readonly epochs?: number | undefined;
  /** Final passes over the training images; 0: none. With `minutes`, training fills the remaining time. @default 30 */
  readonly finalEpochs?: number | undefined;
  /** Split to evaluate on. Must not be a test split. @default 'val' */
  readonly split?: string | undefined;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Seed of training. @default 1 */
  readonly seed?: number | undefined;
  /** CPU threads. @default all cores */
  readonly threads?: number | undefined;
  /** Other training settings, as in an experiment file. */
  readonly settings?: GivenSettings | undefined;
  /** Folder for the tables of measured times. @default a folder in the system's cache folder */
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
 * Target milliseconds. Undefined if there is no target.
 * @param whole milliseconds of the original model
 * @throws MicroYoloError `invalid-argument` if the original model already meets the target
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
