import { isDeepStrictEqual } from 'node:util';
import type { Size } from '../../boxes/formats.ts';
import type { Importance } from '../../compression/prune/importance.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { PRUNE_DEFAULTS, PRUNE_OPTIONS } from '../../options/prune.ts';
import type { GivenSettings } from '../train/settings-file.ts';
import { refuseTestSplit } from './refuse-test-split.ts';

/** Options for pruning a detector. */
export interface PruneOptions {
  /** Detector to prune: a model file, or the name of a bundled model. */
  readonly model: string;
  /** Labeled images with a split `train`, and another split for evaluation. */
  readonly data: string;
  /** Folder for the results and the journal. Pass the same one to continue. */
  readonly out: string;
  /** Maximum loss of AP50 in points, above 0 to 100. @default 0.7 */
  readonly maxDrop?: number | undefined;
  /** Prunes in one step instead: target milliseconds, or a share of the model's, such as `"50%"`. */
  readonly ms?: number | string | undefined;
  /** Prunes in one step instead: target multiply-accumulates in G (10⁹), or a share of the model's, such as `"50%"`. */
  readonly macs?: number | string | undefined;
  /** Prunes in NetAdapt rounds instead: target milliseconds, or a share of the model's, such as `"50%"`. */
  readonly netadapt?: number | string | undefined;
  /** Share of single weights to set to 0 instead of removing channels, 0–1. Only for `zeroWeights`. */
  readonly singleWeights?: number | undefined;
  /** Criterion that chooses the channels to remove. @default 'l1' */
  readonly importance?: Importance | undefined;
  /** Share of a layer's channels that a coarse step removes, in whole blocks, 0–0.9. @default 0.25 */
  readonly coarse?: number | undefined;
  /** Passes over the training images after each step. @default 3 */
  readonly epochs?: number | undefined;
  /** Final passes, starting from the pruned weights. 0: none. @default 30 */
  readonly finalEpochs?: number | undefined;
  /** Final passes, starting from scratch. 0: none. @default 60; 0 with `ms` or `macs` */
  readonly scratchEpochs?: number | undefined;
  /** Split to evaluate on. Must not be a test split. @default 'val' */
  readonly split?: string | undefined;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Seed of training and random choices. @default 1 */
  readonly seed?: number | undefined;
  /** CPU threads. @default all cores */
  readonly threads?: number | undefined;
  /** Other training settings, as in an experiment file. */
  readonly settings?: GivenSettings | undefined;
  /** Folder for the tables of measured times. @default a folder in the system's cache folder */
  readonly tables?: string | undefined;
  /** If it aborts, pruning saves its state and ends. */
  readonly signal?: AbortSignal | undefined;
}

/** Default of `maxDrop`, in points of AP50. */
export const MAX_DROP = 0.7;

/** Options without effect in each way to prune. */
const IDLE: Readonly<
  Record<'ms' | 'macs' | 'netadapt' | 'singleWeights' | 'maxDrop', readonly (keyof PruneOptions)[]>
> = {
  ms: ['coarse', 'epochs'],
  macs: ['coarse', 'epochs'],
  netadapt: ['coarse'],
  singleWeights: ['coarse', 'epochs', 'finalEpochs', 'scratchEpochs', 'importance', 'seed', 'settings'],
  maxDrop: [],
};

function fail(problem: string): never {
  throw new MicroYoloError('invalid-argument', problem);
}

/** @throws MicroYoloError `invalid-argument` if `maxDrop` is not above 0 and at most 100 points */
export function checkTolerance(maxDrop: number): void {
  if (!(maxDrop > 0 && maxDrop <= 100)) {
    fail(`maxDrop ${maxDrop}: expected points of AP50 above 0, up to 100, such as 0.7`);
  }
}

/** @throws MicroYoloError `invalid-argument` for values that are out of range or cannot be combined */
export function checkPruneOptions(options: PruneOptions): void {
  checkOptions('pruning options', options, PRUNE_OPTIONS);
  const { maxDrop = MAX_DROP, split = PRUNE_OPTIONS.split.default } = options;
  checkTolerance(maxDrop);
  refuseTestSplit(split);
  const ways = (['ms', 'macs', 'netadapt', 'singleWeights', 'maxDrop'] as const).filter(
    (name) => options[name] !== undefined,
  );
  if (ways.length > 1) fail(`${ways.join(' and ')}: cannot be combined; leave out all but one`);
  for (const name of ['ms', 'macs', 'netadapt'] as const)
    if (options[name] !== undefined) parseTarget(name, options[name], 1);
  const way = ways[0] ?? 'maxDrop';
  // The command line fills in defaults.
  const usual: Partial<PruneOptions> = { settings: {}, ...PRUNE_DEFAULTS };
  const idle = IDLE[way].find(
    (name) => options[name] !== undefined && !isDeepStrictEqual(options[name], usual[name]),
  );
  if (idle !== undefined) fail(`${idle} with ${way}: has no effect; leave it out`);
}

/**
 * Parses a target. Returns milliseconds, or multiply-accumulates for `macs`.
 * @param given a number, or a share such as `"50%"`
 * @param whole cost of the original model
 */
export function parseTarget(
  name: 'ms' | 'macs' | 'netadapt' | 'target',
  given: number | string,
  whole: number,
): number {
  const [, digits, percent] = /^(\d+\.?\d*|\.\d+)(%?)$/.exec(String(given)) ?? [];
  const value = Number(digits);
  const isShare = percent === '%';
  if (digits === undefined || !(value > 0) || (isShare && value >= 100)) {
    const unit = name === 'macs' ? 'billions such as 0.6' : 'milliseconds such as 2.5';
    fail(`${name} ${JSON.stringify(given)}: expected ${unit}, or a share of the model's such as 50%`);
  }
  if (isShare) return (value / 100) * whole;
  return name === 'macs' ? value * 1e9 : value;
}
