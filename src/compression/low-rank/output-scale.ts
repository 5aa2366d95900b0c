import type { Decomposable } from './kernel.ts';

/** Channels that a norm all but switches off still count a little: what is divided by must not be 0. */
const LEAST = 1e-3;

/** What the batch norm behind a layer multiplies its outputs by; nothing if others read the layer too. */
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
