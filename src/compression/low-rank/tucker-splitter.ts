import type { ConvLayer } from '../../network/layers.ts';
import { factorLayers } from './factor-layers.ts';
import { type Choice, ranksOf, type SplitLayer, type Splitter, scaledRows, unscaledRows } from './kernel.ts';
import { symmetricEigen } from './symmetric-eigen.ts';
import { gram, multiply, transposed } from './truncated-svd.ts';

/** Swaps the first two axes: [T, S, taps] → [S, T, taps]. */
function swapped(kernel: Float64Array, first: number, taps: number): Float64Array {
  const second = kernel.length / first / taps;
  const turned = new Float64Array(kernel.length);
  for (let a = 0; a < first; a++)
    for (let b = 0; b < second; b++)
      for (let tap = 0; tap < taps; tap++)
        turned[(b * first + a) * taps + tap] = kernel[(a * second + b) * taps + tap]!;
  return turned;
}

/** Returns the lost energy by ranks of inputs and outputs, from the full core [T, S, taps]. */
function lostEnergies(
  core: Float64Array,
  outputs: number,
  inputs: number,
): (r3: number, r4: number) => number {
  const taps = core.length / outputs / inputs;
  // Prefix sums over outputs and inputs.
  const kept = new Float64Array((outputs + 1) * (inputs + 1));
  for (let t = 0; t < outputs; t++)
    for (let s = 0; s < inputs; s++) {
      let energy = 0;
      for (let tap = 0; tap < taps; tap++) energy += core[(t * inputs + s) * taps + tap]! ** 2;
      const at = (a: number, b: number) => kept[a * (inputs + 1) + b]!;
      kept[(t + 1) * (inputs + 1) + s + 1] = energy + at(t, s + 1) + at(t + 1, s) - at(t, s);
    }
  const all = kept.at(-1)!;
  return (r3, r4) => (all === 0 ? 0 : Math.max(0, 1 - kept[r4 * (inputs + 1) + r3]! / all));
}

/**
 * Splits a k×k convolution into a 1×1, a smaller k×k and a 1×1 convolution. This is Tucker-2, with the singular vectors
 * of both unfoldings (HOSVD, https://doi.org/10.1137/S0895479896305696).
 */
export function tuckerSplitter(split: SplitLayer & { readonly layer: ConvLayer }): Splitter {
  const { layer, weight } = split;
  const [outputs, inputs, tall, wide] = weight.shape as [number, number, number, number];
  const taps = tall * wide;
  const kernel = scaledRows(split);
  const ofOutputs = symmetricEigen(gram(kernel, outputs), outputs).vectors;
  const turned = swapped(kernel, outputs, taps);
  const ofInputs = symmetricEigen(gram(turned, inputs), inputs).vectors;
  const core = multiply(ofOutputs, swapped(multiply(ofInputs, turned, inputs), inputs, taps), outputs);
  const lost = lostEnergies(core, outputs, inputs);
  return {
    method: 'tucker',
    choices: (block) =>
      ranksOf(inputs, block).flatMap((r3) =>
        ranksOf(outputs, block).map(
          (r4): Choice => ({ method: 'tucker', ranks: [r3, r4], lost: lost(r3, r4) }),
        ),
      ),
    factors(ranks, named) {
      const [r3, r4] = ranks;
      const layers = factorLayers(layer, 'tucker', ranks, named);
      const [first, middle] = layers.map(({ name }) => name);
      const small = new Float32Array(r4! * r3! * taps);
      for (let t = 0; t < r4!; t++) {
        const from = t * inputs * taps;
        small.set(core.subarray(from, from + r3! * taps), t * r3! * taps);
      }
      const into = Float32Array.from(ofInputs.subarray(0, r3! * inputs));
      const out = transposed(ofOutputs.slice(0, r4! * outputs), r4!);
      return {
        layers,
        weights: new Map([
          [`${first}.weight`, { shape: [r3!, inputs, 1, 1], data: into }],
          [`${middle}.weight`, { shape: [r4!, r3!, tall, wide], data: small }],
          [`${layer.name}.weight`, unscaledRows(out, [outputs, r4!, 1, 1], split)],
        ]),
      };
    },
  };
}
