import type { Tensor } from '../../graph/operations.ts';
import type { SharedTensor } from '../../models/formats/shared/shared-tensor.ts';
import { type KMeansOptions, kMeans, nearestCenter } from './k-means.ts';

/**
 * Replaces a tensor's weights by the nearest of a few values (https://arxiv.org/abs/1510.00149). Zeros stay 0, and do
 * not count in the means.
 */
export function shareWeights({ shape, data }: Tensor, options: KMeansOptions): SharedTensor {
  const isSparse = data.includes(0);
  const kept = isSparse ? data.filter((value) => value !== 0) : data;
  const centers = kMeans(kept, { ...options, centers: options.centers - (isSparse ? 1 : 0) }).filter(
    (center) => !isSparse || center !== 0,
  );
  const codebook = isSparse ? Float32Array.of(0, ...centers) : centers;
  const first = isSparse ? 1 : 0;
  const places = Uint16Array.from(data, (value) =>
    (isSparse && value === 0) || centers.length === 0 ? 0 : first + nearestCenter(centers, value),
  );
  return { shape, codebook, places };
}

/** Returns a shared tensor with updated values: the mean of the weights with each index. 0 stays 0. */
export function recentered({ shape, codebook, places }: SharedTensor, { data }: Tensor): SharedTensor {
  const [sums, sizes] = [new Float64Array(codebook.length), new Uint32Array(codebook.length)];
  places.forEach((place, i) => {
    sums[place]! += data[i]!;
    sizes[place]!++;
  });
  const moved = codebook.map((value, place) =>
    value === 0 || sizes[place] === 0 ? value : sums[place]! / sizes[place]!,
  );
  return { shape, codebook: moved, places };
}

/** Returns the tensor that a shared one represents, in its shape. */
export function sharedValues({ shape, codebook, places }: SharedTensor): Tensor {
  return { shape, data: Float32Array.from(places, (place) => codebook[place]!) };
}
