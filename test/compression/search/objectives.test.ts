import { expect, test } from 'vitest';
import { mnasnetReward, paretoFront, rankTrials } from '../../../src/compression/search/objectives.ts';

const trial = (AP: number, macs: number, ms = macs) => ({ AP, AP50: AP, parameters: 1, macs, ms });

//                  0              1              2              3              4
const trials = [trial(0.3, 5), trial(0.2, 2), trial(0.25, 6), trial(0.2, 3), trial(0.4, 9)];

test('a Pareto front holds the candidates that no other beats in both AP and cost', () => {
  expect(paretoFront(trials, 'macs')).toEqual([1, 0, 4]);
});

test('against a cost, fronts come in order, each with its highest AP first', () => {
  expect(rankTrials(trials, 'macs', 1)).toEqual([4, 0, 1, 2, 3]);
});

test('by AP alone, the first of equals comes first', () => {
  expect(rankTrials(trials, 'map', 1)).toEqual([4, 0, 2, 1, 3]);
});

test('milliseconds and multiply-accumulates can rank candidates differently', () => {
  const both = [trial(0.3, 1, 9), trial(0.2, 9, 1)];
  expect(paretoFront(both, 'macs')).toEqual([0]);
  expect(paretoFront(both, 'latency')).toEqual([1, 0]);
});

test("MnasNet's reward is AP at the target, and 4.7 % less at twice its time", () => {
  expect(mnasnetReward({ AP: 0.5, ms: 8 }, 8)).toBe(0.5);
  expect(mnasnetReward({ AP: 0.5, ms: 16 }, 8) / 0.5).toBeCloseTo(2 ** -0.07, 12);
});
