import { loadDetector, type Model } from '../../src/api/index.ts';
import type { Tensors } from '../../src/graph/operations.ts';
import type { BatchNormLayer } from '../../src/network/layers.ts';

/** The mean and the variance of each channel of maps, over images and cells. */
class Moments {
  readonly #sums = new Map<string, { count: number; sum: Float64Array; squares: Float64Array }>();

  add(
    name: string,
    { shape, data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  ) {
    const [, channels, rows, columns] = shape as [number, number, number, number];
    const area = rows * columns;
    const sums = this.#sums.get(name) ?? {
      count: 0,
      sum: new Float64Array(channels),
      squares: new Float64Array(channels),
    };
    this.#sums.set(name, sums);
    sums.count += area;
    for (let i = 0; i < channels * area; i++) {
      const channel = Math.floor(i / area);
      sums.sum[channel]! += data[i]!;
      sums.squares[channel]! += data[i]! ** 2;
    }
  }

  of(name: string) {
    const { count, sum, squares } = this.#sums.get(name)!;
    const mean = sum.map((each) => each / count);
    return { mean, variance: squares.map((each, i) => Math.max(0, each / count - mean[i]! ** 2)) };
  }
}

/** The moments of some layers' outputs for images. */
export async function momentsOf(
  model: Model,
  layers: readonly string[],
  images: readonly string[],
): Promise<Moments> {
  await using detector = await loadDetector(model, { features: layers, threads: 1 });
  const moments = new Moments();
  for (const image of images) {
    const { features: maps = {} } = await detector.inspect(image, {});
    for (const [name, map] of Object.entries(maps)) moments.add(name, map);
  }
  return moments;
}

/**
 * Sets norms to the statistics of images. The network computes the same as before.
 * @param norms that so far only add a bias, by the layer before them
 */
export async function giveStatistics(
  model: Model,
  norms: ReadonlyMap<string, BatchNormLayer>,
  images: readonly string[],
): Promise<void> {
  const { weights } = model;
  const moments = await momentsOf(
    model,
    [...norms.values()].map(({ name }) => name),
    images,
  );
  for (const { name, epsilon } of norms.values()) {
    const { mean, variance } = moments.of(name);
    const bias = weights.get(`${name}.bias`)!.data;
    const set = (part: string, values: (i: number) => number) => {
      const { data } = weights.get(`${name}.${part}`)!;
      data.set(Float32Array.from(data, (_, i) => values(i)));
    };
    // Statistics of the convolution's output: the norm has added its bias and multiplied by 1.
    set('running_mean', (i) => mean[i]! - bias[i]!);
    set('running_var', (i) => variance[i]!);
    set('weight', (i) => Math.sqrt(variance[i]! + epsilon));
    set('bias', (i) => mean[i]!);
  }
}

/** Initial length of a unit's kernel in training: He's initialization, https://arxiv.org/abs/1502.01852. */
const KERNEL_LENGTH = Math.SQRT2;

/**
 * Makes the kernels of all units before norms equally long and scales the norms' statistics to match, so that the network
 * computes the same as before. Kernels with folded norms differ in length by orders of magnitude: training
 * and k-means, which share a rate or values among units, would ruin the short ones.
 * @param norms by the convolution before them
 */
export function evenKernels(weights: Tensors, norms: ReadonlyMap<string, BatchNormLayer>): void {
  for (const [layer, { name, epsilon }] of norms) {
    const { shape, data } = weights.get(`${layer}.weight`)!;
    const size = data.length / shape[0]!;
    const [mean, variance] = ['running_mean', 'running_var'].map(
      (part) => weights.get(`${name}.${part}`)!.data,
    ) as [Float32Array, Float32Array];
    for (let unit = 0; unit < shape[0]!; unit++) {
      const kernel = data.subarray(unit * size, (unit + 1) * size);
      const factor = KERNEL_LENGTH / Math.hypot(...kernel);
      if (!Number.isFinite(factor)) continue;
      kernel.forEach((value, i) => {
        kernel[i] = value * factor;
      });
      mean[unit]! *= factor;
      variance[unit] = (variance[unit]! + epsilon) * factor ** 2 - epsilon;
    }
  }
}
