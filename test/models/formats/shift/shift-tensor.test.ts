import { expect, test } from 'vitest';
import { shiftTensor } from '../../../../src/compression/shift/shift-weights.ts';
import { uniformRandom } from '../../../../src/foundation/random.ts';
import {
  decodeShift,
  encodeShift,
  shiftedValues,
} from '../../../../src/models/formats/shift/shift-tensor.ts';

const random = uniformRandom(1);
function madeOf(shape: readonly number[], bits: number, block: number) {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random() - 0.5);
  return shiftTensor({ shape, data }, { bits, block, along: 'channels' });
}

test.each([2, 3, 4, 5, 6, 7, 8])('integers of %i bits decode bit for bit', (bits) => {
  for (const [shape, block] of [
    [[5, 7, 3, 3], 4],
    [[1, 1, 1, 1], 1],
    [[16, 33], 32],
  ] as const) {
    const made = madeOf(shape, bits, block);
    expect(decodeShift(encodeShift(made), shape)).toEqual(shiftedValues(made));
  }
});

test('a weight takes its bits and its share of a factor', () => {
  const bytes = encodeShift(madeOf([64, 64, 3, 3], 4, 32)).length;
  expect(bytes).toBe(8 + (64 * 64 * 9 * (4 + 32 / 32)) / 8);
});

test('truncated, extended or changed bytes give errors or other weights of the same number, never a crash', () => {
  const shape = [6, 10, 3, 3];
  const bytes = encodeShift(madeOf(shape, 5, 4));
  for (let round = 0; round < 2000; round++) {
    const broken = Buffer.from(bytes);
    const at = Math.floor(random() * (round % 2 === 0 ? 8 : broken.length));
    broken[at]! ^= 1 << Math.floor(random() * 8);
    const cut = round % 3 === 0 ? broken.subarray(0, Math.floor(random() * broken.length)) : broken;
    const given = round % 7 === 0 ? Buffer.concat([cut, Buffer.from([round & 255])]) : cut;
    try {
      expect(decodeShift(given, shape)).toHaveLength(540);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
    }
  }
});
