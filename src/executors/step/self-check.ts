import type { Graph, Tensor, Tensors } from '../../graph/operations.ts';
import { noise, tinyContents, tinyStep } from './tiny-step.ts';

/** Largest difference that rounding explains, relative to the sum of the terms' sizes. */
const TOLERANCE = 1e-5;

/**
 * The tiny step's gradients, each as its product with a noise, in double precision. Known beforehand, because
 * a second session to compute them would take as long as the first.
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

/** A gradient's product with a noise, and the sum of its terms' sizes. */
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
 * Runs a tiny step, because what executes it may be wrong on this machine.
 * @param run the graph's outputs by name, of the contents of its inputs and parameters
 * @returns what is wrong, or nothing
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
