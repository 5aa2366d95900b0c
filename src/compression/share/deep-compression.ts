import type { Tensor, Tensors } from '../../graph/operations.ts';
import { encodeShared, type SharedTensor } from '../../models/formats/shared/shared-tensor.ts';
import type { Initialization } from './k-means.ts';
import { sharedValues, shareWeights } from './share-weights.ts';

export interface DeepCompressionOptions {
  /** Number of different weights per kernel, 2–4096. @default 256; 32 for dense layers */
  readonly centers?: number | undefined;
  /** Share of each kernel's weights that become 0, smallest first; 0–1. @default 0 */
  readonly sparsity?: number | undefined;
  /** @default 'linear' */
  readonly initialization?: Initialization | undefined;
}

/** Bytes of a model after each stage. Tensors that are not compressed are included. */
export interface CompressionStages {
  /** Size as float32. */
  readonly original: number;
  /** Size with nonzero weights as float32, and 8-bit gaps between them. */
  readonly pruned: number;
  /** Size with codebook indices instead of weights. */
  readonly shared: number;
  /** Size with Huffman-coded indices and gaps. */
  readonly coded: number;
}

export interface DeepCompressed {
  readonly shared: ReadonlyMap<string, SharedTensor>;
  /** All weights as they are read from the file. */
  readonly weights: Tensors;
  readonly stages: CompressionStages;
}

/** Bits of a gap between nonzero weights. */
const GAP_BITS = 8;

/** Smaller kernels would need more bytes for their codebooks than they save. */
const LEAST_WEIGHTS = 512;

/** The paper's values, section 3. */
const [CENTERS, DENSE_CENTERS] = [256, 32];

const isKernel = ({ shape, data }: Tensor) => shape.length >= 2 && data.length >= LEAST_WEIGHTS;

/** Sets a share of a tensor's weights to 0, smallest magnitudes first. */
export function pruneSmallest({ shape, data }: Tensor, sparsity: number): Tensor {
  const count = Math.floor(sparsity * data.length);
  if (count === 0) return { shape, data };
  const sorted = Float32Array.from(data, Math.abs).sort();
  const limit = sorted[count - 1]!;
  // Of weights as large as the limit, only the first ones.
  let ties = count - sorted.indexOf(limit);
  const pruned = data.map((value) => {
    const size = Math.abs(value);
    return size < limit || (size === limit && ties-- > 0) ? 0 : value;
  });
  return { shape, data: pruned };
}

/** Returns the bytes of a kernel after pruning and after sharing, before Huffman coding. */
function uncoded({ codebook, places }: SharedTensor): { pruned: number; shared: number } {
  const isSparse = codebook[0] === 0;
  const kept = isSparse ? places.reduce((sum, place) => sum + (place === 0 ? 0 : 1), 0) : places.length;
  const gapBits = isSparse && kept < places.length / 2 ? GAP_BITS : 0;
  const stored = gapBits === 0 ? places.length : kept;
  const placeBits = Math.max(1, Math.ceil(Math.log2(codebook.length)));
  return {
    pruned: (stored * (32 + gapBits)) / 8,
    shared: (stored * (placeBits + gapBits)) / 8 + 4 * codebook.length,
  };
}

/**
 * Sets the smallest weights of each kernel to 0: see `pruneSmallest`. Biases, norms and small kernels do not change.
 */
export function pruneKernels(weights: Tensors, sparsity: number): Tensors {
  return new Map(
    [...weights].map(([name, tensor]) => [name, isKernel(tensor) ? pruneSmallest(tensor, sparsity) : tensor]),
  );
}

/** Shares the weights of a model's kernels. Biases, norms and small kernels are not included. */
export function shareKernels(
  weights: Tensors,
  { centers, initialization }: Pick<DeepCompressionOptions, 'centers' | 'initialization'> = {},
): ReadonlyMap<string, SharedTensor> {
  return new Map(
    [...weights]
      .filter(([, tensor]) => isKernel(tensor))
      .map(([name, tensor]) => {
        const usual = tensor.shape.length === 2 ? DENSE_CENTERS : CENTERS;
        return [name, shareWeights(tensor, { centers: centers ?? usual, initialization })];
      }),
  );
}

/** Returns a model's weights as they are read from a file with shared tensors. */
export function withShared(weights: Tensors, shared: ReadonlyMap<string, SharedTensor>): Tensors {
  return new Map(
    [...weights].map(([name, tensor]) => [name, shared.has(name) ? sharedValues(shared.get(name)!) : tensor]),
  );
}

/** Returns the bytes of a model without zeros, before its weights are shared. */
export function prunedBytes(weights: Tensors): number {
  let bytes = 0;
  for (const tensor of weights.values()) {
    const { data } = tensor;
    const kept = data.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
    const isSparse = isKernel(tensor) && kept < data.length / 2;
    bytes += isSparse ? (kept * (32 + GAP_BITS)) / 8 : 4 * data.length;
  }
  return bytes;
}

/** Returns the bytes of a model with shared kernels after each stage. */
export function compressionStages(
  weights: Tensors,
  shared: ReadonlyMap<string, SharedTensor>,
): CompressionStages {
  const stages = { original: 0, pruned: 0, shared: 0, coded: 0 };
  for (const [name, { data }] of weights) {
    const bytes = 4 * data.length;
    stages.original += bytes;
    const tensor = shared.get(name);
    const sizes = tensor && uncoded(tensor);
    stages.pruned += sizes?.pruned ?? bytes;
    stages.shared += sizes?.shared ?? bytes;
    stages.coded += tensor ? encodeShared(tensor).length : bytes;
  }
  return stages;
}

/**
 * Deep Compression of a model's kernels (https://arxiv.org/abs/1510.00149). Small weights become 0, the others are
 * replaced by a few values, and their indices are Huffman-coded. Biases, norms and small kernels do not change.
 */
export function deepCompress(weights: Tensors, options: DeepCompressionOptions = {}): DeepCompressed {
  const shared = shareKernels(pruneKernels(weights, options.sparsity ?? 0), options);
  return { shared, weights: withShared(weights, shared), stages: compressionStages(weights, shared) };
}
