import { expect, test } from 'vitest';
import { uniformRandom } from '../../../../src/foundation/random.ts';
import { decodeShared, encodeShared } from '../../../../src/models/formats/shared/shared-tensor.ts';

/** A tensor with a share of zeros; the other weights have `entries` values. */
function sharedOf(count: number, entries: number, zeros: number, seed = 1) {
  const random = uniformRandom(seed);
  const codebook = Float32Array.from({ length: entries }, (_, i) => (i === 0 ? 0 : random() - 0.5));
  const places = Uint16Array.from({ length: count }, () =>
    random() < zeros ? 0 : Math.floor(entries * random()),
  );
  return { shape: [count], codebook, places };
}

test.each([
  [1000, 256, 0],
  [1000, 16, 0.9],
  [10_000, 8, 0.999],
  [3, 2, 1],
  [0, 1, 0],
])('%i weights with %i values, a share of %d zeros, decode bit for bit', (count, entries, zeros) => {
  const tensor = sharedOf(count, entries, zeros);
  const decoded = decodeShared(encodeShared(tensor), count);
  expect(decoded).toEqual(Float32Array.from(tensor.places, (place) => tensor.codebook[place]!));
});

test('bridges gaps longer than a byte', () => {
  const places = new Uint16Array(2000);
  for (const at of [0, 255, 511, 768, 1999]) places[at] = 1;
  const tensor = { shape: [2000], codebook: Float32Array.of(0, 0.5), places };
  expect(decodeShared(encodeShared(tensor), 2000)).toEqual(Float32Array.from(places, (place) => place / 2));
});

test('a tenth nonzero with 256 values takes about as many bits as the entropy', () => {
  const tensor = sharedOf(100_000, 256, 0.9);
  const bytes = encodeShared(tensor).length;
  // 10,000 indices of 8 bits, gaps of about 4.7 bits, and tables.
  expect(bytes).toBeLessThan(10_000 * 1.65 + 2000);
});

test('truncated, extended or changed bytes give errors or other weights of the same number, never a crash', () => {
  const tensor = sharedOf(500, 16, 0.8);
  const bytes = encodeShared(tensor);
  const random = uniformRandom(3);
  for (let round = 0; round < 2000; round++) {
    const broken = Uint8Array.from(bytes);
    broken[Math.floor(random() * broken.length)]! ^= 1 << Math.floor(random() * 8);
    const cut = round % 3 === 0 ? broken.subarray(0, Math.floor(random() * broken.length)) : broken;
    try {
      expect(decodeShared(cut, 500).length).toBe(500);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
    }
  }
  expect(() => decodeShared(Uint8Array.of(...bytes, 0), 500)).toThrow(RangeError);
});
