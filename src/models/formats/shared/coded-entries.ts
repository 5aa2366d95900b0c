import { createHash } from 'node:crypto';
import { elementCount } from '../../../foundation/element-count.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import type { Tensor } from '../../../graph/operations.ts';
import type { SafetensorsEntry } from '../safetensors/safetensors.ts';
import { decodeShift, SHIFT_FORMAT } from '../shift/shift-tensor.ts';
import { decodeShared } from './shared-tensor.ts';

/** A compressed tensor: one with shared weights, or one with distribution shift. */
export interface CodedTensor {
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Metadata key for the digest of a file with coded tensors. */
export const DIGEST_KEY = 'sha256';

/** Converts coded tensors to entries of a file. They are bytes, and the description contains their shapes. */
export function codedEntries(coded: ReadonlyMap<string, CodedTensor>): ReadonlyMap<string, SafetensorsEntry> {
  return new Map([...coded].map(([name, { bytes }]) => [name, { type: 'U8', shape: [bytes.length], bytes }]));
}

/** The first two bytes identify the format of the rest. */
function decode(bytes: Uint8Array, shape: readonly number[]): Float32Array {
  const format = bytes.length < 2 ? 0 : bytes[0]! | (bytes[1]! << 8);
  return format === SHIFT_FORMAT ? decodeShift(bytes, shape) : decodeShared(bytes, elementCount(shape));
}

/** @throws MicroYoloError `invalid-file` if the bytes do not encode a tensor of this shape */
export function decodedTensor(
  name: string,
  { type, bytes }: SafetensorsEntry,
  shape: readonly number[],
  path: string,
): Tensor {
  const fail = (problem: string): never => {
    throw new MicroYoloError(
      'invalid-file',
      `${path}: tensor ${name}: ${problem}; download it or compress the model again`,
      { path },
    );
  };
  if (type !== 'U8') return fail(`${type}, expected U8`);
  try {
    return { shape, data: decode(bytes, shape) };
  } catch (error) {
    if (error instanceof RangeError) return fail(error.message);
    throw error;
  }
}

/**
 * Returns the digest of a file's description and tensors. A changed bit of a code gives another valid weight, so only
 * the digest detects it.
 */
export function contentsDigest(description: string, tensors: ReadonlyMap<string, SafetensorsEntry>): string {
  const hash = createHash('sha256').update(description);
  for (const [name, { type, shape, bytes }] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([name, type, shape])).update(bytes);
  }
  return hash.digest('hex');
}
