import type { Size } from '../../boxes/formats.ts';
import type { Initialization } from '../../compression/share/k-means.ts';
import type { DepthwiseShift } from '../../compression/shift/shift-weights.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { type COMPRESS_METHODS, COMPRESS_OPTIONS } from '../../options/compress.ts';
import type { GivenSettings } from '../train/settings-file.ts';

/** One of the ways in which weights are kept. */
export type CompressMethod = (typeof COMPRESS_METHODS)[number];

/** Options of compressing a model. */
export interface CompressOptions {
  /** A path, an https address, or the name of a model that ships. */
  readonly model: string;
  /** Weights of a `.cfg`. @default beside it */
  readonly weights?: string | undefined;
  /**
   * `share`: Deep Compression (https://arxiv.org/abs/1510.00149). `shift`: distribution-shift convolution
   * (https://arxiv.org/abs/1901.01928), which has nothing to do with depthwise-separable convolutions. @default 'share'
   */
  readonly method?: CompressMethod | undefined;
  /** Of `share`: different numbers of each kernel's weights, 2–4096. @default 256, of dense layers 32 */
  readonly centers?: number | undefined;
  /** Of `share`: share of each kernel's weights, the smallest, that become 0; 0–0.99. @default 0 */
  readonly sparsity?: number | undefined;
  /** Of `share`: where the numbers' search begins. @default 'linear' */
  readonly initialization?: Initialization | undefined;
  /** Of `shift`: bits of a weight, 2–8. @default 4 */
  readonly bits?: number | undefined;
  /** Of `shift`: input channels that share a factor, 1–65,536. @default 32 */
  readonly block?: number | undefined;
  /** Of `shift`: `float` leaves depthwise kernels, `places` makes each channel's kernel a block. @default 'float' */
  readonly depthwise?: DepthwiseShift | undefined;
  /** Labeled images: AP50 is measured after each stage. */
  readonly data?: string | undefined;
  /** Split that is evaluated on. @default 'val' */
  readonly split?: string | undefined;
  /** Points of AP50 that may be lost: if more are, nothing is written. */
  readonly maxDrop?: number | undefined;
  /**
   * Minutes of training on the split `train`: of `share` half after weights became 0 and half for the shared numbers; of
   * `shift` for norms and biases, which are the channel shifts. @default 0
   */
  readonly minutes?: number | undefined;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Of training. @default 1 */
  readonly seed?: number | undefined;
  /** CPU threads. @default all cores */
  readonly threads?: number | undefined;
  /** Other settings of the trainings, as in an experiment file. */
  readonly settings?: GivenSettings | undefined;
  /** File to write. @default the model's name with the ending .small.safetensors, in the current folder */
  readonly out?: string | undefined;
}

/** Options that only one method has. */
const OWN: Readonly<Record<CompressMethod, readonly (keyof CompressOptions)[]>> = {
  share: ['centers', 'sparsity', 'initialization'],
  shift: ['bits', 'block', 'depthwise'],
};

function fail(problem: string): never {
  throw new MicroYoloError('invalid-argument', problem);
}

/** @throws MicroYoloError `invalid-argument` for values that are out of range, or mean nothing together */
export function checkCompressOptions(options: CompressOptions): void {
  checkOptions('compressModel options', options, COMPRESS_OPTIONS);
  const { method = 'share', data } = options;
  const other = method === 'share' ? 'shift' : 'share';
  const foreign = OWN[other].find((name) => options[name] !== undefined);
  if (foreign !== undefined)
    fail(`${foreign} with method ${method}: only method ${other} supports it; leave it out`);
  const needsData = (['maxDrop', 'minutes', 'split'] as const).find((name) => options[name] !== undefined);
  if (data === undefined && needsData !== undefined) fail(`${needsData}: needs data; pass ${option('data')}`);
}
