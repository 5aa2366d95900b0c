import type { Tensor, Tensors } from '../../graph/operations.ts';

/** What training preserves in kernels: nothing, weights that are 0 (`zeros`), or also equal weights (`equal`). */
export const CONSTRAINTS = ['none', 'zeros', 'equal'] as const;
export type Constraint = (typeof CONSTRAINTS)[number];

/** Clusters of equal weights in a kernel. */
interface Clusters {
  /** Cluster of each weight. */
  readonly places: Uint32Array;
  /** Cluster of the weights that are 0, if there are any. They do not change. */
  readonly zero: number | undefined;
  readonly count: number;
}

function clustersOf({ data }: Tensor): Clusters | undefined {
  const known = new Map<number, number>();
  const places = Uint32Array.from(data, (value) => {
    const place = known.get(value) ?? known.size;
    known.set(value, place);
    return place;
  });
  // A kernel with mostly distinct weights is not clustered.
  if (known.size > data.length / 2) return undefined;
  return { places, zero: known.get(0), count: known.size };
}

/** Replaces each value by the mean of its cluster. */
function averaged({ shape, data }: Tensor, { places, zero, count }: Clusters): Tensor {
  const [sums, sizes] = [new Float64Array(count), new Uint32Array(count)];
  for (let i = 0; i < data.length; i++) {
    sums[places[i]!]! += data[i]!;
    sizes[places[i]!]!++;
  }
  const means = sums.map((sum, place) => (place === zero ? 0 : sum / sizes[place]!));
  return { shape, data: Float32Array.from(places, (place) => means[place]!) };
}

/**
 * Keeps weights equal that are equal at the start of a run (https://arxiv.org/abs/1510.00149, section 3.3). After each
 * step, the weights of a cluster and their optimizer state are replaced by their means. A shared value thus follows the
 * mean gradient of its weights.
 */
export class EqualWeights {
  readonly #clusters: ReadonlyMap<string, Clusters>;

  /** @param weights initial weights of the run, or a whole state, of which only kernels are used */
  constructor(weights: Tensors) {
    this.#clusters = new Map(
      [...weights].flatMap(([name, tensor]) => {
        const isKernel = tensor.shape.length > 1 && !name.includes('/');
        const clusters = isKernel ? clustersOf(tensor) : undefined;
        return clusters ? [[name, clusters] as const] : [];
      }),
    );
  }

  /** Returns the tensors of a state that change. */
  project(state: Tensors): Tensors {
    return new Map(
      [...state].flatMap(([name, tensor]) => {
        const clusters = this.#clusters.get(name.slice(name.lastIndexOf('/') + 1));
        return clusters ? [[name, averaged(tensor, clusters)] as const] : [];
      }),
    );
  }
}
