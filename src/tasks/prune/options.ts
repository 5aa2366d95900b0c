import type { Size } from '../../boxes/formats.ts';
import type { Importance } from '../../compression/prune/importance.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { PRUNE_OPTIONS } from '../../options/prune.ts';
import type { GivenSettings } from '../train/settings-file.ts';
import { refuseTestSplit } from './refuse-test-split.ts';

/** What is pruned, how far and by which steps. */
export interface PruneOptions {
  /** Detector to prune: a model file, or the name of a model that ships. */
  readonly model: string;
  /** Labeled images with a split to train on and one to evaluate on. */
  readonly data: string;
  /** Folder of the outcome and the journal; with a journal of the same work it goes on. */
  readonly out: string;
  /** Points of AP50 that may be lost, more than 0 to 100. @default 0.7 */
  readonly maxDrop?: number | undefined;
  /** One-shot instead: milliseconds to come down to, or a share of the model's, `"50%"`. */
  readonly ms?: number | string | undefined;
  /** One-shot instead: multiply-accumulates to come down to in G (10⁹), or a share of the model's, `"50%"`. */
  readonly macs?: number | string | undefined;
  /** NetAdapt's rounds instead: milliseconds to come down to, or a share of the model's, `"50%"`. */
  readonly netadapt?: number | string | undefined;
  /** Single weights instead of channels: share of them to set to 0. */
  readonly singleWeights?: number | undefined;
  /** What decides which channels go. @default 'l1' */
  readonly importance?: Importance | undefined;
  /** Share of a layer's channels that a coarse step removes, in blocks. @default 0.25 */
  readonly coarse?: number | undefined;
  /** Passes over the training images after each step. @default 3 */
  readonly epochs?: number | undefined;
  /** The same, at the end, from the pruned weights; 0 leaves it out. @default 30 */
  readonly finalEpochs?: number | undefined;
  /** The same, from scratch; 0 leaves it out. @default 60; of a one-shot 0 */
  readonly scratchEpochs?: number | undefined;
  /** Split that is evaluated on; no test split. @default 'val' */
  readonly split?: string | undefined;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Of training and of chance. @default 1 */
  readonly seed?: number | undefined;
  /** CPU threads. @default all cores */
  readonly threads?: number | undefined;
  /** Other settings of the trainings, as in an experiment file. */
  readonly settings?: GivenSettings | undefined;
  /** Folder of the table of measured times. @default the system's for caches */
  readonly tables?: string | undefined;
  /** Aborted, it saves what is under way and ends. */
  readonly signal?: AbortSignal | undefined;
}

/** Points of AP50 that may be lost, if nothing else is asked for. */
export const MAX_DROP = 0.7;

function fail(problem: string): never {
  throw new MicroYoloError('invalid-argument', problem);
}

/** @throws MicroYoloError `invalid-argument` unless it is a number of AP50 points */
export function checkTolerance(maxDrop: number): void {
  if (!(maxDrop > 0 && maxDrop <= 100)) {
    fail(`maxDrop ${maxDrop}: expected points of AP50 above 0, up to 100, such as 0.7`);
  }
}

/** @throws MicroYoloError `invalid-argument` for values that are out of range, or exclude each other */
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
}

/**
 * A target in the cost's own unit.
 * @param given a number, or `"50%"` of the whole
 */
export function parseTarget(name: 'ms' | 'macs' | 'netadapt', given: number | string, whole: number): number {
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
