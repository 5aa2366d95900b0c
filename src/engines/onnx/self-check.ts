import type { Tensors } from '../../graph/operations.ts';
import { lowerBlockedStep } from '../../onnx/blocked/lower.ts';
import { encodeOnnx } from '../../onnx/file.ts';
import { createSession } from '../../runtime/node.ts';
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

async function blockedGradients(block: number): Promise<Tensors> {
  const graph = tinyStep();
  const { model, packings } = lowerBlockedStep(graph, block);
  await using session = await createSession(encodeOnnx(model), { threads: 1 });
  const feeds = [...tinyContents(graph)].map(([name, plain]) => [
    name,
    packings.get(name)?.pack(plain) ?? plain,
  ]);
  const results = await session.run(Object.fromEntries(feeds));
  return new Map(
    graph.parameters.map(({ name }) => {
      const { shape, data } = results[`gradient/${name}`]!;
      const tensor = { shape, data: data as Float32Array };
      return [name, packings.get(name)?.unpack(tensor) ?? tensor];
    }),
  );
}

/**
 * Runs a tiny step in blocks: their layout is internal to ONNX Runtime and may change with it.
 * @returns what is wrong, or nothing
 */
export async function checkBlocked(block: number): Promise<string | undefined> {
  try {
    for (const [name, { data }] of await blockedGradients(block)) {
      const { product, size } = fingerprint(data);
      const off = Math.abs(product - EXPECTED[name]!);
      if (!(off <= TOLERANCE * size)) return `the gradient of ${name} is off by ${off} of ${size}`;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
