import type { Tensors } from '../graph/operations.ts';

export interface Transfer {
  readonly weights: Tensors;
  /** Names of the tensors taken over. */
  readonly taken: readonly string[];
  /** Names of those that the other model lacks, or has in another shape. */
  readonly left: readonly string[];
}

/** Weights to start from, with those of another model that fit by name and shape in their place. */
export function transferWeights(start: Tensors, from: Tensors): Transfer {
  const taken: string[] = [];
  const left: string[] = [];
  const weights = new Map(
    [...start].map(([name, tensor]) => {
      const other = from.get(name);
      const fits = other?.shape.join() === tensor.shape.join();
      (fits ? taken : left).push(name);
      return [name, fits ? other! : tensor];
    }),
  );
  return { weights, taken, left };
}
