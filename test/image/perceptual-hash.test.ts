import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { decodeShrunk } from '../../src/image/decode.ts';
import {
  hashDistance,
  haveAlikeColors,
  MAX_DISTANCE,
  type PerceptualHash,
  perceptualHash,
} from '../../src/image/perceptual-hash.ts';
import { madePhoto } from './made-photo.ts';

const hash = async (bytes: Uint8Array) =>
  perceptualHash((await decodeShrunk(bytes, () => ({ width: 72, height: 64 }))).image);

const isTwin = (a: PerceptualHash, b: PerceptualHash) =>
  hashDistance(a, b) <= MAX_DISTANCE && haveAlikeColors(a, b);

const SEEDS = [1, 2, 3, 4, 5, 6];

test.for([
  ['recompressed', (photo: Sharp) => photo.jpeg({ quality: 30 })],
  ['half as large', (photo: Sharp) => photo.resize(160, 120).jpeg({ quality: 80 })],
  ['squeezed to a square', (photo: Sharp) => photo.resize(224, 224, { fit: 'fill' }).png()],
  ['twice as large', (photo: Sharp) => photo.resize(640, 480).webp()],
] as const)('a photo %s is near-identical to itself', async ([, change]) => {
  for (const seed of SEEDS) {
    const photo = await madePhoto(seed);
    expect(
      isTwin(await hash(photo), await hash(await change(sharp(photo)).toBuffer())),
      `photo ${seed}`,
    ).toBe(true);
  }
});

test('different photos are not near-identical', async () => {
  const hashes = await Promise.all(SEEDS.map(async (seed) => hash(await madePhoto(seed))));
  for (const [index, one] of hashes.entries()) {
    for (const other of hashes.slice(0, index)) expect(isTwin(one, other)).toBe(false);
  }
});

test('distinguishes plain images of different colors', () => {
  const plain = (red: number, green: number) =>
    perceptualHash({
      width: 16,
      height: 16,
      data: Uint8Array.from({ length: 768 }, (_, at) => [red, green, 90][at % 3]!),
    });
  expect(isTwin(plain(200, 30), plain(200, 30))).toBe(true);
  expect(isTwin(plain(200, 30), plain(30, 200))).toBe(false);
});

test('an image that gets brighter to the right has all bits set, and its mirror image none', () => {
  const ramp = (level: (x: number) => number) =>
    perceptualHash({
      width: 90,
      height: 80,
      data: Uint8Array.from({ length: 90 * 80 * 3 }, (_, at) => level(Math.floor(at / 3) % 90)),
    });
  expect(ramp((x) => 2 * x).bits).toEqual([0xffffffff, 0xffffffff]);
  expect(ramp((x) => 2 * (89 - x)).bits).toEqual([0, 0]);
  expect(
    hashDistance(
      ramp((x) => 2 * x),
      ramp((x) => 2 * (89 - x)),
    ),
  ).toBe(64);
});

test('an image of one pixel has a hash', () => {
  expect(perceptualHash({ width: 1, height: 1, data: Uint8Array.of(1, 2, 3) }).bits).toEqual([0, 0]);
});
