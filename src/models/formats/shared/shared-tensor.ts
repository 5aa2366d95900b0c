import { type CodeLengths, codeLengths, decodeSymbols, encodeSymbols } from './huffman.ts';

/**
 * A tensor with few different weights (Deep Compression, https://arxiv.org/abs/1510.00149): a codebook, and the index
 * of each weight in it. Weights of value 0 may be left out.
 */
export interface SharedTensor {
  readonly shape: readonly number[];
  /** The different values, at most 4096. For a sparse tensor, the first one is 0. */
  readonly codebook: Float32Array;
  /** Index of each weight in the codebook, in row-major order. */
  readonly places: Uint16Array;
}

/** Bits of a gap between kept weights. Longer gaps are bridged by zeros that are kept. */
const GAP_BITS = 8;
const LONGEST_GAP = 2 ** GAP_BITS;
const MOST_ENTRIES = 4096;
/** If the share of zeros is smaller, all weights are kept, because gaps would cost more than they save. */
const LEAST_ZEROS = 0.5;
/** Format, flags, codebook size, number of kept weights, bytes of their indices. */
const HEAD_BYTES = 12;

/** Returns the indices of the kept weights, and the number of zeros before each. */
function sparse(places: Uint16Array): { readonly kept: Uint16Array; readonly gaps: Uint16Array } {
  const kept: number[] = [];
  const gaps: number[] = [];
  let zeros = 0;
  for (const place of places) {
    if (place === 0 && zeros < LONGEST_GAP - 1) {
      zeros++;
      continue;
    }
    kept.push(place);
    gaps.push(zeros);
    zeros = 0;
  }
  return { kept: Uint16Array.from(kept), gaps: Uint16Array.from(gaps) };
}

function coded(symbols: Uint16Array, count: number): { lengths: CodeLengths; bytes: Uint8Array } {
  const counts = new Uint32Array(count);
  for (const symbol of symbols) counts[symbol]!++;
  const lengths = codeLengths(counts);
  return { lengths, bytes: encodeSymbols(symbols, lengths) };
}

/** Packs code lengths, two per byte. Each is at most 15. */
function packLengths(lengths: CodeLengths): Uint8Array {
  return Uint8Array.from(
    { length: Math.ceil(lengths.length / 2) },
    (_, pair) => lengths[2 * pair]! | ((lengths[2 * pair + 1] ?? 0) << 4),
  );
}

/** @throws RangeError for an extra length after the last one */
function unpackLengths(packed: Uint8Array, count: number): CodeLengths {
  if (count % 2 === 1 && packed.at(-1)! > 15) throw new RangeError('a code without a symbol');
  return Uint8Array.from({ length: count }, (_, i) => (packed[i >> 1]! >> (4 * (i & 1))) & 15);
}

/** Encodes a shared tensor: its codebook, and Huffman codes of its indices, and of gaps if it is sparse. */
export function encodeShared({ codebook, places }: SharedTensor): Uint8Array {
  let zeros = 0;
  for (const place of places) if (place === 0) zeros++;
  const isSparse = codebook[0] === 0 && zeros >= LEAST_ZEROS * places.length;
  const { kept, gaps } = isSparse ? sparse(places) : { kept: places, gaps: undefined };
  const values = coded(kept, codebook.length);
  const distances = gaps && coded(gaps, LONGEST_GAP);
  const head = new DataView(new ArrayBuffer(HEAD_BYTES));
  head.setUint16(0, isSparse ? 1 : 0, true);
  head.setUint16(2, codebook.length, true);
  head.setUint32(4, kept.length, true);
  head.setUint32(8, values.bytes.length, true);
  const numbers = new DataView(new ArrayBuffer(4 * codebook.length));
  codebook.forEach((value, index) => {
    numbers.setFloat32(4 * index, value, true);
  });
  return Buffer.concat([
    new Uint8Array(head.buffer),
    new Uint8Array(numbers.buffer),
    packLengths(values.lengths),
    ...(distances ? [packLengths(distances.lengths)] : []),
    values.bytes,
    ...(distances ? [distances.bytes] : []),
  ]);
}

/**
 * Decodes the weights of a shared tensor.
 * @param count number of weights, given by the tensor's shape
 * @throws RangeError if the bytes do not encode a shared tensor with this number of weights
 */
export function decodeShared(bytes: Uint8Array, count: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (length: number) => {
    if (length > bytes.length - at) throw new RangeError('ends early');
    at += length;
    return bytes.subarray(at - length, at);
  };
  take(HEAD_BYTES);
  const [flags, entries] = [view.getUint16(0, true), view.getUint16(2, true)];
  const [kept, placeBytes] = [view.getUint32(4, true), view.getUint32(8, true)];
  if (flags > 1 || entries > MOST_ENTRIES || kept > count || (flags === 0 && kept !== count)) {
    throw new RangeError('not a shared tensor of its shape');
  }
  const start = at;
  take(4 * entries);
  const codebook = Float32Array.from({ length: entries }, (_, index) =>
    view.getFloat32(start + 4 * index, true),
  );
  const lengths = unpackLengths(take(Math.ceil(entries / 2)), entries);
  const gapLengths = flags === 1 ? unpackLengths(take(LONGEST_GAP / 2), LONGEST_GAP) : undefined;
  const places = new Uint16Array(kept);
  decodeSymbols(take(placeBytes), lengths, places);
  const weights = new Float32Array(count);
  if (gapLengths === undefined) {
    if (at !== bytes.length) throw new RangeError('bytes left over');
    for (let i = 0; i < count; i++) weights[i] = codebook[places[i]!]!;
    return weights;
  }
  const gaps = new Uint16Array(kept);
  decodeSymbols(take(bytes.length - at), gapLengths, gaps);
  let place = -1;
  for (let i = 0; i < kept; i++) {
    place += gaps[i]! + 1;
    if (place >= count) throw new RangeError('weights beyond its shape');
    weights[place] = codebook[places[i]!]!;
  }
  return weights;
}
