import type { OutputTensor } from '../decoders/decoder.ts';

/** Yields the rows of a tensor along its last axis, as views. */
export function* rowsOf({ data, shape }: OutputTensor): Generator<Float32Array> {
  const width = shape.at(-1)!;
  for (let at = 0; at + width <= data.length; at += width) yield data.subarray(at, at + width);
}
