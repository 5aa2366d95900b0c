import type { Size } from '../../boxes/formats.ts';
import type { Method } from '../../compression/low-rank/kernel.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { checkChoice } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { DECOMPOSE_OPTIONS, METHODS, type RANK_RULES } from '../../options/decompose.ts';
import type { GivenSettings } from '../train/settings-file.ts';

/** One of the rules that ranks are chosen by. */
export type RankRule = (typeof RANK_RULES)[number];

/** What is decomposed, and how far. */
export interface DecomposeOptions {
  /** A model file, an https address, or the name of a model that ships. */
  readonly model: string;
  /** Weights file of a `.cfg`. @default the one beside it */
  readonly weights?: string | undefined;
  /** Share of the parameters to keep, 0.01–0.99. */
  readonly parameters?: number | undefined;
  /** Share of the multiply-accumulates to keep, 0.01–0.99; instead of `parameters`. */
  readonly macs?: number | undefined;
  /** Labeled images: AP50 is measured on them. */
  readonly data?: string | undefined;
  /** Split that is evaluated on. @default 'val' */
  readonly split?: string | undefined;
  /**
   * Points of AP50 that may be lost. Without `parameters` and `macs` the smallest network within them is searched for, before
   * any training; with one of them nothing is written if more is lost.
   */
  readonly maxDrop?: number | undefined;
  /** @default 'sensitivity' with data, else 'energy' */
  readonly ranks?: RankRule | undefined;
  /** Ways to split a kernel. @default all: for each kernel the one that loses least */
  readonly methods?: readonly Method[] | undefined;
  /** Minutes of training afterwards, on the split `train`. @default 0 */
  readonly minutes?: number | undefined;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Of training. @default 1 */
  readonly seed?: number | undefined;
  /** CPU threads. @default all cores */
  readonly threads?: number | undefined;
  /** Other settings of the training, as in an experiment file. */
  readonly settings?: GivenSettings | undefined;
  /** File to write. @default the model's name with the ending .low-rank.safetensors, in the current folder */
  readonly out?: string | undefined;
}

function fail(problem: string): never {
  throw new MicroYoloError('invalid-argument', problem);
}

/** @throws MicroYoloError `invalid-argument` for values that are out of range, or need or exclude others */
export function checkDecomposeOptions(options: DecomposeOptions): void {
  checkOptions('decomposeModel options', options, DECOMPOSE_OPTIONS);
  const { parameters, macs, data, maxDrop, ranks, methods, split } = options;
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
  if (split !== undefined && /^test/i.test(split) && maxDrop !== undefined) {
    fail(`split ${split}: a split that selects the model cannot test it; choose another`);
  }
}
