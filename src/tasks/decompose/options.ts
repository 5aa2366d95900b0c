import type { Size } from '../../boxes/formats.ts';
import type { Method } from '../../compression/low-rank/kernel.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { checkChoice } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { DECOMPOSE_OPTIONS, METHODS, type RANK_RULES } from '../../options/decompose.ts';
import { refuseTestSplit } from '../prune/refuse-test-split.ts';
import type { GivenSettings } from '../train/settings-file.ts';

/** Rule by which ranks are chosen. */
export type RankRule = (typeof RANK_RULES)[number];

/** Options for decomposing a model. */
export interface DecomposeOptions {
  /** A model file, an https address, or the name of a bundled model. */
  readonly model: string;
  /** Weights file of a `.cfg`. @default the one beside the cfg */
  readonly weights?: string | undefined;
  /** Share of the parameters to keep, 0.01–0.99. */
  readonly parameters?: number | undefined;
  /** Share of the multiply-accumulates to keep, 0.01–0.99. Cannot be combined with `parameters`. */
  readonly macs?: number | undefined;
  /** Labeled images to measure AP50 on, and to train on. */
  readonly data?: string | undefined;
  /** Split to evaluate on. @default 'val' */
  readonly split?: string | undefined;
  /**
   * Maximum loss of AP50 in points, 0–100. Without `parameters` and `macs`, finds the smallest network within this
   * limit, before any training. If the loss is larger, nothing is written.
   */
  readonly maxDrop?: number | undefined;
  /** How ranks are chosen. @default 'sensitivity' with data, otherwise 'energy' */
  readonly ranks?: RankRule | undefined;
  /** Allowed methods. For each kernel, the one with the least loss is chosen. @default all */
  readonly methods?: readonly Method[] | undefined;
  /** Minutes of training after decomposing, on the split `train`. @default 0 */
  readonly minutes?: number | undefined;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Seed of training. @default 1 */
  readonly seed?: number | undefined;
  /** CPU threads. @default all cores */
  readonly threads?: number | undefined;
  /** Other training settings, as in an experiment file. */
  readonly settings?: GivenSettings | undefined;
  /** File to write. @default the model's name with the extension .low-rank.safetensors, in the current folder */
  readonly out?: string | undefined;
}

function fail(problem: string): never {
  throw new MicroYoloError('invalid-argument', problem);
}

/** @throws MicroYoloError `invalid-argument` for values out of range, or combinations that are not allowed */
export function checkDecomposeOptions(options: DecomposeOptions): void {
  checkOptions('decomposeModel options', options, DECOMPOSE_OPTIONS);
  const { parameters, macs, data, maxDrop, minutes, ranks, methods, split } = options;
  if (parameters !== undefined && macs !== undefined) {
    fail('parameters and macs: cannot be combined; leave out one');
  }
  if (parameters === undefined && macs === undefined && maxDrop === undefined) {
    fail(`no target: pass ${option('parameters')}, ${option('macs')}, or ${option('maxDrop')} with data`);
  }
  if (methods?.length === 0) fail(`methods: expected some of ${METHODS.join(', ')}`);
  for (const method of methods ?? []) checkChoice('methods', method, METHODS);
  const needsData = (['maxDrop', 'minutes', 'split'] as const).find((name) => options[name] !== undefined);
  if (data === undefined && needsData !== undefined) fail(`${needsData}: needs data; pass ${option('data')}`);
  if (data === undefined && ranks === 'sensitivity')
    fail(`ranks sensitivity: needs data; pass ${option('data')}`);
  if (maxDrop !== undefined || minutes !== undefined || ranks === 'sensitivity') refuseTestSplit(split);
}
