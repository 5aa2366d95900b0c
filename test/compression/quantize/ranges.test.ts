import { expect, test } from 'vitest';
import {
  entropyRange,
  percentileRange,
  squaredErrorRange,
} from '../../../src/compression/quantize/ranges/choose.ts';
import { readHistograms } from '../../../src/compression/quantize/ranges/histogram.ts';
import { type RunImages, readStatistics } from '../../../src/compression/quantize/ranges/statistics.ts';
import { activationScale, wholeWeights } from '../../../src/compression/quantize/scales.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { roundHalfEven } from '../../../src/foundation/round-half-even.ts';

async function histogramOf(data: Float32Array) {
  const run: RunImages = async function* () {
    yield new Map([['value', { shape: [data.length], data }]]);
  };
  return (await readHistograms(run, await readStatistics(run))).get('value')!;
}

/** Values that mostly lie near 0, and one outlier. */
const random = uniformRandom(3);
const bell = Float32Array.from({ length: 20_000 }, () => random() + random() + random() - 1.5);
const outlying = Float32Array.from([...bell, 40]);

/** Mean squared error of the values in 8 bits. */
function error(data: Float32Array, [least, most]: readonly [number, number]): number {
  const { scale, zeroPoint } = activationScale(least, most);
  return data.reduce((sum, value) => {
    const whole = Math.min(255, Math.max(0, roundHalfEven(value / scale) + zeroPoint));
    return sum + (value - (whole - zeroPoint) * scale) ** 2;
  }, 0);
}

test('a percentile cuts its share off both ends', async () => {
  const range = percentileRange(await histogramOf(Float32Array.from({ length: 10_000 }, (_, i) => i)), 98);
  expect(range[0]).toBeCloseTo(100, -1);
  expect(range[1]).toBeCloseTo(9899, -1);
});

test('100 percent is the whole range', async () => {
  const [least, most] = percentileRange(await histogramOf(outlying), 100);
  expect(least).toBeCloseTo(Math.min(...bell), 5);
  expect(most).toBeCloseTo(40, 5);
});

test('the least squared error is below that of the whole range', async () => {
  const histogram = await histogramOf(outlying.map((value) => value * 3));
  const range = squaredErrorRange(histogram);
  const scaled = outlying.map((value) => value * 3);
  expect(error(scaled, range)).toBeLessThanOrEqual(error(scaled, [histogram.least, histogram.most]));
});

test('entropy cuts off an outlier', async () => {
  const [, most] = entropyRange(await histogramOf(Float32Array.from([...bell, 400])));
  expect(most).toBeLessThan(200);
});

test.for([percentileRange, squaredErrorRange, entropyRange])(
  'a constant value has a range: %s',
  async (of) => {
    const [least, most] = of(await histogramOf(new Float32Array(10).fill(2)), 99);
    expect(Number.isFinite(least) && Number.isFinite(most)).toBe(true);
  },
);

test('zero is exact in every range', () => {
  for (const [least, most] of [
    [1, 2],
    [-3, -1],
    [-0.7, 1.3],
  ] as const) {
    const { scale, zeroPoint } = activationScale(least, most);
    expect(Number.isInteger(zeroPoint)).toBe(true);
    expect(scale * (255 - zeroPoint)).toBeGreaterThanOrEqual(Math.max(most, 0) - scale);
  }
});

test('weights that are all zero stay zero', () => {
  const { values, scales } = wholeWeights(new Float32Array(8), 2, 8);
  expect([...values]).toEqual(new Array(8).fill(0));
  expect([...scales]).toEqual([1, 1]);
});
