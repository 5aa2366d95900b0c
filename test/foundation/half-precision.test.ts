import { expect, test } from 'vitest';
import { floatToHalf, halfToFloat } from '../../src/foundation/half-precision.ts';
import { uniformRandom } from '../../src/foundation/random.ts';

const ALL = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);

test('every half survives conversion to single precision and back', () => {
  const floats = halfToFloat(ALL);
  const back = floatToHalf(floats);
  const wrong = ALL.filter((bits, i) => !Number.isNaN(floats[i]!) && back[i] !== bits);
  expect([...wrong]).toEqual([]);
  expect(
    ALL.filter((_, i) => Number.isNaN(floats[i]!)).every((bits) =>
      Number.isNaN(halfToFloat(floatToHalf(halfToFloat(Uint16Array.of(bits))))[0]!),
    ),
  ).toBe(true);
});

test('singles round to the nearest half, ties to even', () => {
  const random = uniformRandom(1);
  const finite = halfToFloat(ALL).slice(0, 0x7c00);
  const middles = finite.slice(1).map((value, i) => (value + finite[i]!) / 2);
  const anywhere = Float32Array.from({ length: 20_000 }, () => 2 ** (40 * random() - 26) * (1 + random()));
  const values = Float32Array.of(...middles, ...anywhere);
  const bits = floatToHalf(values);
  const at = (half: number) => (half < 0x7c00 ? finite[half]! : 65536);
  for (let i = 0; i < values.length; i++) {
    const [half, value] = [bits[i]!, values[i]!];
    const off = Math.abs(at(half) - value);
    for (const other of [half - 1, half + 1]) {
      if (other < 0 || other > 0x7c00) continue;
      const otherOff = Math.abs(at(other) - value);
      if (otherOff < off || (otherOff === off && half % 2 === 1)) expect.fail(`${value} became ${at(half)}`);
    }
  }
  expect(floatToHalf(Float32Array.of(-1.5, -0, Infinity, -1e9))).toEqual(
    Uint16Array.of(0xbe00, 0x8000, 0x7c00, 0xfc00),
  );
});
