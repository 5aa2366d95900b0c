import type { Graph, Tensor, Tensors } from '../../graph/operations.ts';
import { noise, tinyContents, tinyStep } from './tiny-step.ts';

/** Maximum difference due to rounding, relative to the sum of the absolute terms. */
const TOLERANCE = 1e-5;

/**
 * Expected gradients of the tiny step, each as its dot product with noise, in double precision. They are stored,
 * because computing them with a second session would take as long as the first one.
 */
export const EXPECTED: Readonly<Record<string, number>> = {
  'thin.weight': -2394.730105754013,
  gain: 6752.393728195431,
  bias: -99.69893399573775,
  'depthwise.weight': -3869.9235773792498,
  'pointwise.weight': -2853.7208098042306,
  'dense.weight': -7475.981507687808,
  'joined.weight': 8572.037808385658,
};

/** Returns a gradient's dot product with noise, and the sum of its absolute terms. */
export function fingerprint(gradient: ArrayLike<number>): {
  readonly product: number;
  readonly size: number;
} {
  let [product, size] = [0, 0];
  for (let place = 0; place < gradient.length; place++) {
    const term = gradient[place]! * noise(place);
    product += term;
    size += Math.abs(term);
  }
  return { product, size };
}

/**
 * Runs a tiny step, because the runtime may compute wrong results on this machine.
 * @param run computes the graph's outputs by name, from the contents of its inputs and parameters
 * @returns a description of the problem, or undefined
 */
export async function checkStep(
  run: (graph: Graph, contents: Tensors) => Promise<Readonly<Record<string, Tensor>>>,
): Promise<string | undefined> {
  try {
    const graph = tinyStep();
    const outputs = await run(graph, tinyContents(graph));
    for (const [name, expected] of Object.entries(EXPECTED)) {
      const { product, size } = fingerprint(outputs[`gradient/${name}`]!.data);
      const off = Math.abs(product - expected);
      if (!(off <= TOLERANCE * size)) return `the gradient of ${name} is off by ${off} of ${size}`;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
