import { expect, test } from 'vitest';
import { countTogether, groupNearDuplicates } from '../../../src/datasets/near-duplicates/near-duplicates.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import type { PerceptualHash } from '../../../src/image/perceptual-hash.ts';

const hash = (high: number, low: number, level = 100): PerceptualHash => ({
  bits: [high >>> 0, low >>> 0],
  cells: new Uint8Array(216).fill(level),
});

test('hashes that differ in up to four bits are one group', () => {
  expect([...groupNearDuplicates([hash(0, 0), hash(0x80000001, 0x00018000), hash(0xf, 0x1)])]).toEqual([
    0, 0, 2,
  ]);
});

test('finds four differing bits at any position', () => {
  const random = uniformRandom(1);
  for (let time = 0; time < 500; time++) {
    const bits: [number, number] = [Math.floor(random() * 2 ** 32), Math.floor(random() * 2 ** 32)];
    const changed: [number, number] = [...bits];
    for (let bit = 0; bit < 4; bit++) changed[random() < 0.5 ? 0 : 1] ^= 1 << Math.floor(random() * 32);
    expect([...groupNearDuplicates([hash(...bits), hash(...changed)])]).toEqual([0, 0]);
  }
});

test('images can be joined through others', () => {
  expect([...groupNearDuplicates([hash(0, 0), hash(0xff, 0), hash(0xf, 0)])]).toEqual([0, 0, 0]);
});

test('equal hashes with other colors are different images', () => {
  expect([...groupNearDuplicates([hash(0, 0, 40), hash(0, 0, 200), hash(0, 0, 45)])]).toEqual([0, 1, 0]);
});

test('unreadable images stay alone', () => {
  expect([...groupNearDuplicates([undefined, hash(0, 0), undefined, hash(0, 0)])]).toEqual([0, 1, 2, 1]);
});

test('the groups do not depend on the order of the images', () => {
  const random = uniformRandom(2);
  const word = () => [0, 1, 2, 3, 4].reduce((bits) => bits & Math.floor(random() * 2 ** 32), 0xffffffff);
  const hashes = Array.from({ length: 300 }, () => hash(word(), word(), 30 + 30 * Math.floor(random() * 6)));
  const sizes = (groups: Int32Array) =>
    [...groups].map((group) => groups.filter((other) => other === group).length);
  const order = [...hashes.keys()].sort((a, b) => ((a * 7919) % 300) - ((b * 7919) % 300));
  const plain = sizes(groupNearDuplicates(hashes));
  const moved = sizes(groupNearDuplicates(order.map((place) => hashes[place])));
  expect(order.map((place) => plain[place])).toEqual(moved);
  expect(new Set(plain).size).toBeGreaterThan(2);
});

test('counts groups of several images', () => {
  expect(countTogether([0, 1, 1, 0, 4, 1])).toEqual({ images: 5, groups: 2 });
});
