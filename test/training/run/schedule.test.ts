import { describe, expect, test } from 'vitest';
import { averageDecayAt, learningRateShare, momentumAt } from '../../../src/training/run/schedule.ts';

const schedule = { decay: 'cosine', warmup: 0.1, final: 0.02, steps: [0.5, 0.8], factor: 0.1 } as const;

describe('the learning rate', () => {
  test('rises in the warm-up and falls to its final share along a cosine', () => {
    expect(learningRateShare(0, schedule)).toBe(0);
    expect(learningRateShare(0.05, schedule)).toBeCloseTo(0.5, 12);
    expect(learningRateShare(0.1, schedule)).toBeCloseTo(1, 12);
    expect(learningRateShare(0.55, schedule)).toBeCloseTo(0.51, 12);
    expect(learningRateShare(1, schedule)).toBeCloseTo(0.02, 12);
  });

  test('drops at each step of a step schedule', () => {
    const at = (progress: number) => learningRateShare(progress, { ...schedule, decay: 'step' });
    expect([0.2, 0.49, 0.5, 0.79, 0.8].map(at)).toEqual([1, 1, 0.1, 0.1, 0.1 ** 2]);
  });

  test.each(['cosine', 'one-cycle', 'linear', 'step', 'constant'] as const)(
    'stays within 0 and 1 and only jumps at steps: %s',
    (decay) => {
      const values = Array.from({ length: 1001 }, (_, i) =>
        learningRateShare(i / 1000, { ...schedule, decay }),
      );
      expect(Math.max(...values)).toBeLessThanOrEqual(1);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
      const jumps = values.slice(1).filter((value, i) => Math.abs(value - values[i]!) > 0.02);
      expect(jumps).toHaveLength(decay === 'step' ? 2 : 0);
    },
  );

  test('starts at its peak without a warm-up', () => {
    expect(learningRateShare(0, { ...schedule, warmup: 0 })).toBe(1);
  });
});

test('momentum rises to its target during the warm-up', () => {
  expect(momentumAt(0, 0.937, schedule)).toBeCloseTo(0.8, 12);
  expect(momentumAt(0.05, 0.937, schedule)).toBeCloseTo(0.8685, 12);
  expect(momentumAt(0.1, 0.937, schedule)).toBe(0.937);
  expect(momentumAt(0, 0.5, schedule)).toBe(0.5);
  const oneCycle = { ...schedule, decay: 'one-cycle' } as const;
  expect(momentumAt(0.15, 0.937, oneCycle)).toBeCloseTo(0.8685, 12);
  expect(momentumAt(0.3, 0.937, oneCycle)).toBe(0.937);
});

test('the decay of the average ramps up to its target', () => {
  expect(averageDecayAt(0, 0.998)).toBeCloseTo(0.1, 12);
  expect(averageDecayAt(90, 0.998)).toBeCloseTo(0.91, 12);
  expect(averageDecayAt(1e6, 0.998)).toBe(0.998);
});
