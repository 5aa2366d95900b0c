import type { Decomposable } from './kernel.ts';

/** Channels that a norm almost switches off still have a small weight, because it is used as a divisor. */
const LEAST = 1e-3;

/** Returns the scale of a batch norm after a layer, or undefined if other layers also read it. */
export function outputScale({ network, weights }: Decomposable, name: string): Float64Array | undefined {
  const readers = network.layers.filter(({ inputs }) => inputs.includes(name));
  const [reader] = readers;
  if (readers.length !== 1 || reader?.type !== 'batchNorm') return undefined;
  const scale = weights.get(`${reader.name}.weight`)!.data;
  const variance = weights.get(`${reader.name}.running_var`)!.data;
  const factors = Float64Array.from(scale, (value, channel) =>
    Math.abs(value / Math.sqrt(variance[channel]! + reader.epsilon)),
  );
  const largest = factors.reduce((most, value) => Math.max(most, value), 0);
  return largest > 0 ? factors.map((value) => Math.max(value, LEAST * largest)) : undefined;
}
