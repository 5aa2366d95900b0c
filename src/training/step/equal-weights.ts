import type { Tensor, Tensors } from '../../graph/operations.ts';

/** What may stay true of kernels while they are trained: weights that are 0 stay 0, and weights that are equal stay equal. */
export const CONSTRAINTS = ['none', 'zeros', 'equal'] as const;
export type Constraint = (typeof CONSTRAINTS)[number];

/** Which weights of a kernel are equal. */
interface Clusters {
  /** By weight. */
  readonly places: Uint32Array;
  /** Of the weights that are 0, if any are: these do not move. */
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
  // Of kernels whose weights are their own nothing is to be kept equal.
  if (known.size > data.length / 2) return undefined;
  return { places, zero: known.get(0), count: known.size };
}

/** The mean of each cluster in the place of its values. */
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
 * Keeps weights equal that a run began with as equal (https://arxiv.org/abs/1510.00149, section 3.3): after each step the
 * weights of a cluster, and what the optimizer keeps beside them, become their means. A shared number so moves along the sum
 * of its weights' gradients, over their number.
 */
export class EqualWeights {
  readonly #clusters: ReadonlyMap<string, Clusters>;

  /** @param weights that the run begins with; of a state, those of kernels */
  constructor(weights: Tensors) {
    this.#clusters = new Map(
      [...weights].flatMap(([name, tensor]) => {
        const isKernel = tensor.shape.length > 1 && !name.includes('/');
        const clusters = isKernel ? clustersOf(tensor) : undefined;
        return clusters ? [[name, clusters] as const] : [];
      }),
    );
  }

  /** The tensors of a state that change, with their means. */
  project(state: Tensors): Tensors {
    return new Map(
      [...state].flatMap(([name, tensor]) => {
        const clusters = this.#clusters.get(name.slice(name.lastIndexOf('/') + 1));
        return clusters ? [[name, averaged(tensor, clusters)] as const] : [];
      }),
    );
  }
}
