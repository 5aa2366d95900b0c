import { createHash } from 'node:crypto';
import { elementCount } from '../../../foundation/element-count.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import type { Tensor } from '../../../graph/operations.ts';
import type { SafetensorsEntry } from '../safetensors/safetensors.ts';
import { decodeShared, encodeShared, type SharedTensor } from './shared-tensor.ts';

/** Key of the metadata that holds the digest of a file with shared tensors. */
export const DIGEST_KEY = 'sha256';

/** Shared tensors as a file holds them: bytes, whose shapes the description keeps. */
export function sharedEntries(
  shared: ReadonlyMap<string, SharedTensor>,
): ReadonlyMap<string, SafetensorsEntry> {
  return new Map(
    [...shared].map(([name, tensor]): [string, SafetensorsEntry] => {
      const bytes = encodeShared(tensor);
      return [name, { type: 'U8', shape: [bytes.length], bytes }];
    }),
  );
}

/** @throws MicroYoloError `invalid-file` if the bytes are no tensor of this shape */
export function sharedTensor(
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
  const count = elementCount(shape);
  try {
    return { shape, data: decodeShared(bytes, count) };
  } catch (error) {
    if (error instanceof RangeError) return fail(error.message);
    throw error;
  }
}

/** Digest of a file's description and tensors: a changed bit of a code would be another weight, and nothing else would tell. */
export function contentsDigest(description: string, tensors: ReadonlyMap<string, SafetensorsEntry>): string {
  const hash = createHash('sha256').update(description);
  for (const [name, { type, shape, bytes }] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([name, type, shape])).update(bytes);
  }
  return hash.digest('hex');
}
