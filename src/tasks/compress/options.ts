import type { Size } from '../../boxes/formats.ts';
import type { Initialization } from '../../compression/share/k-means.ts';
import type { DepthwiseShift } from '../../compression/shift/shift-weights.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { type COMPRESS_METHODS, COMPRESS_OPTIONS } from '../../options/compress.ts';
import { refuseTestSplit } from '../prune/refuse-test-split.ts';
import type { GivenSettings } from '../train/settings-file.ts';

/** How weights are stored. */
export type CompressMethod = (typeof COMPRESS_METHODS)[number];

/** Options for compressing a model. */
export interface CompressOptions {
  /** A path, an https address, or the name of a bundled model. */
  readonly model: string;
  /** Weights file of a `.cfg`. @default the one beside the cfg */
  readonly weights?: string | undefined;
  /**
   * `share`: Deep Compression (https://arxiv.org/abs/1510.00149). `shift`: distribution-shift convolution
   * (https://arxiv.org/abs/1901.01928), which is unrelated to depthwise-separable convolution. @default 'share'
   */
  readonly method?: CompressMethod | undefined;
  /** For `share`: number of different weight values per kernel, 2–4096. @default 256; 32 in dense layers */
  readonly centers?: number | undefined;
  /** For `share`: share of each kernel's weights to set to 0, smallest first, 0–0.99. @default 0 */
  readonly sparsity?: number | undefined;
  /** For `share`: how k-means starts. @default 'linear' */
  readonly initialization?: Initialization | undefined;
  /** For `shift`: bits per weight, 2–8. @default 4 */
  readonly bits?: number | undefined;
  /** For `shift`: number of input channels that share a factor, 1–65,536. @default 32 */
  readonly block?: number | undefined;
  /** For `shift`: `float` keeps depthwise kernels in float, `places` makes each channel a block. @default 'float' */
  readonly depthwise?: DepthwiseShift | undefined;
  /** Labeled images to measure AP50 on after each stage, and to train on. */
  readonly data?: string | undefined;
  /** Split to evaluate on. @default 'val' */
  readonly split?: string | undefined;
  /** Maximum loss of AP50 in points, 0–100. If it is larger, nothing is written. @default no limit */
  readonly maxDrop?: number | undefined;
  /**
   * Minutes of training on the split `train`. For `share` with `sparsity`, half of them train the remaining weights,
   * and half the shared values. For `shift`, they train only norms and biases, which are the channel shifts. @default 0
   */
  readonly minutes?: number | undefined;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Seed of training. @default 1 */
  readonly seed?: number | undefined;
  /** CPU threads. @default all cores */
  readonly threads?: number | undefined;
  /** Other training settings, as in an experiment file. */
  readonly settings?: GivenSettings | undefined;
  /** File to write. @default the model's name with the extension .small.safetensors, in the current folder */
  readonly out?: string | undefined;
}

/** Options of only one method. */
const OWN: Readonly<Record<CompressMethod, readonly (keyof CompressOptions)[]>> = {
  share: ['centers', 'sparsity', 'initialization'],
  shift: ['bits', 'block', 'depthwise'],
};

function fail(problem: string): never {
  throw new MicroYoloError('invalid-argument', problem);
}

/** @throws MicroYoloError `invalid-argument` for values that are out of range or cannot be combined */
export function checkCompressOptions(options: CompressOptions): void {
  checkOptions('compressModel options', options, COMPRESS_OPTIONS);
  const { method = 'share', data, maxDrop, minutes, split } = options;
  const other = method === 'share' ? 'shift' : 'share';
  const foreign = OWN[other].find((name) => options[name] !== undefined);
  if (foreign !== undefined)
    fail(`${foreign} with method ${method}: only method ${other} supports it; leave it out`);
  const needsData = (['maxDrop', 'minutes', 'split'] as const).find((name) => options[name] !== undefined);
  if (data === undefined && needsData !== undefined) fail(`${needsData}: needs data; pass ${option('data')}`);
  if (maxDrop !== undefined || minutes !== undefined) refuseTestSplit(split);
}
