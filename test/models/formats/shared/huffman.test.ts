import { expect, test } from 'vitest';
import { uniformRandom } from '../../../../src/foundation/random.ts';
import { codeLengths, decodeSymbols, encodeSymbols } from '../../../../src/models/formats/shared/huffman.ts';

/** Number of bits of the Huffman code, from its tree; none of these needs more than 15. */
function huffmanBits(counts: readonly number[]): number {
  const weights = counts.filter((count) => count > 0);
  if (weights.length === 1) return weights[0]!;
  let bits = 0;
  while (weights.length > 1) {
    weights.sort((a, b) => b - a);
    const sum = weights.pop()! + weights.pop()!;
    bits += sum;
    weights.push(sum);
  }
  return bits;
}

const bitsOf = (counts: readonly number[]) => {
  const lengths = codeLengths(counts);
  return counts.reduce((sum, count, symbol) => sum + count * lengths[symbol]!, 0);
};

test('codes take as many bits as the Huffman tree', () => {
  const random = uniformRandom(1);
  for (let round = 0; round < 50; round++) {
    const counts = Array.from({ length: 1 + Math.floor(random() * 60) }, () => Math.floor(random() * 100));
    expect(bitsOf(counts)).toBe(huffmanBits(counts));
  }
});

test('no code is longer than 15 bits, however uneven the counts', () => {
  const fibonacci = [1, 1];
  while (fibonacci.length < 40) fibonacci.push(fibonacci.at(-1)! + fibonacci.at(-2)!);
  const lengths = codeLengths(fibonacci);
  expect(Math.max(...lengths)).toBe(15);
  expect(lengths.reduce((sum, length) => sum + 2 ** -length, 0)).toBe(1);
});

test('decodes the same symbols for any alphabet size', () => {
  const random = uniformRandom(2);
  for (const [count, symbols] of [
    [0, 5],
    [1, 1],
    [1000, 1],
    [1000, 2],
    [5000, 300],
  ] as const) {
    const list = Uint16Array.from({ length: count }, () => Math.floor(symbols * random() ** 3));
    const counts = new Uint32Array(symbols);
    for (const symbol of list) counts[symbol]!++;
    const lengths = codeLengths(counts);
    const into = new Uint16Array(count);
    decodeSymbols(encodeSymbols(list, lengths), lengths, into);
    expect(into).toEqual(list);
  }
});

test('invalid code lengths, and too few or too many bytes, are errors', () => {
  const lengths = Uint8Array.of(1, 2, 2);
  const bytes = encodeSymbols([0, 1, 2, 0, 1], lengths);
  expect(() => decodeSymbols(bytes, Uint8Array.of(1, 1, 1), new Uint16Array(5))).toThrow(RangeError);
  expect(() => decodeSymbols(bytes, Uint8Array.of(2, 2, 2), new Uint16Array(5))).toThrow(RangeError);
  expect(() => decodeSymbols(bytes.subarray(1), lengths, new Uint16Array(9))).toThrow(RangeError);
  expect(() => decodeSymbols(Uint8Array.of(...bytes, 0), lengths, new Uint16Array(5))).toThrow(RangeError);
  expect(() => decodeSymbols(bytes, new Uint8Array(3), new Uint16Array(5))).toThrow(RangeError);
});
