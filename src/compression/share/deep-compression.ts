import type { Tensor, Tensors } from '../../graph/operations.ts';
import { encodeShared, type SharedTensor } from '../../models/formats/shared/shared-tensor.ts';
import type { Initialization } from './k-means.ts';
import { sharedValues, shareWeights } from './share-weights.ts';

export interface DeepCompressionOptions {
  /** Number of different values per kernel, 2–4096. @default 256 */
  readonly centers?: number | undefined;
  /** Share of each kernel's weights that becomes 0, the smallest first; 0–1. @default 0 */
  readonly sparsity?: number | undefined;
  /** How k-means starts. @default 'linear' */
  readonly initialization?: Initialization | undefined;
}

/** Bytes of all weights after each stage. */
export interface CompressionStages {
  /** Size as float32. */
  readonly original: number;
  /** Size with weights that are not 0 as float32, and gaps between them of 8 bits. */
  readonly pruned: number;
  /** Size with codebook indices instead of float32. */
  readonly shared: number;
  /** Size with indices and gaps as Huffman codes. */
  readonly coded: number;
}

export interface DeepCompressed {
  readonly shared: ReadonlyMap<string, SharedTensor>;
  /** All weights as they will be read. */
  readonly weights: Tensors;
  readonly stages: CompressionStages;
}

/** Smaller kernels would pay more for their codebooks than they save. */
const LEAST_WEIGHTS = 512;

const isKernel = ({ shape, data }: Tensor) => shape.length >= 2 && data.length >= LEAST_WEIGHTS;

/** The tensor with its smallest weights 0: a share of them, in magnitude. */
export function pruneSmallest({ shape, data }: Tensor, sparsity: number): Tensor {
  const count = Math.floor(sparsity * data.length);
  if (count === 0) return { shape, data };
  const limit = Float32Array.from(data, Math.abs).sort()[count - 1]!;
  let left = count;
  const pruned = data.map((value) => {
    if (Math.abs(value) > limit || (Math.abs(value) === limit && left === 0)) return value;
    left--;
    return 0;
  });
  return { shape, data: pruned };
}

/** Bytes of a kernel after pruning, and after sharing, before any code. */
function uncoded({ codebook, places }: SharedTensor): { pruned: number; shared: number } {
  const isSparse = codebook[0] === 0;
  const kept = isSparse ? places.reduce((sum, place) => sum + (place === 0 ? 0 : 1), 0) : places.length;
  const gapBits = isSparse && kept < places.length / 2 ? 8 : 0;
  const stored = gapBits === 0 ? places.length : kept;
  const placeBits = Math.max(1, Math.ceil(Math.log2(codebook.length)));
  return {
    pruned: (stored * (32 + gapBits)) / 8,
    shared: (stored * (placeBits + gapBits)) / 8 + 4 * codebook.length,
  };
}

/**
 * Deep Compression of a model's kernels (https://arxiv.org/abs/1510.00149): small weights become 0, the others one of a few
 * numbers, and their places are Huffman-coded. Biases, norms and small kernels stay as they are.
 */
export function deepCompress(weights: Tensors, options: DeepCompressionOptions = {}): DeepCompressed {
  const { centers = 256, sparsity = 0, initialization } = options;
  const shared = new Map<string, SharedTensor>();
  const read = new Map(weights);
  const stages = { original: 0, pruned: 0, shared: 0, coded: 0 };
  for (const [name, tensor] of weights) {
    const bytes = 4 * tensor.data.length;
    stages.original += bytes;
    if (!isKernel(tensor)) {
      for (const stage of ['pruned', 'shared', 'coded'] as const) stages[stage] += bytes;
      continue;
    }
    const compressed = shareWeights(pruneSmallest(tensor, sparsity), { centers, initialization });
    shared.set(name, compressed);
    read.set(name, sharedValues(compressed));
    const sizes = uncoded(compressed);
    stages.pruned += sizes.pruned;
    stages.shared += sizes.shared;
    stages.coded += encodeShared(compressed).length;
  }
  return { shared, weights: read, stages };
}
