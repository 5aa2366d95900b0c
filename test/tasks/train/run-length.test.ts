import { expect, test } from 'vitest';
import { finishedNote, isLonger } from '../../../src/tasks/train/run-length.ts';

const done = (epochs: number, minutes: number) => ({
  history: Array.from({ length: epochs }, () => ({})),
  seconds: 60 * minutes,
});

test.each([
  ['more epochs', { epochs: 5, maxMinutes: null }, { epochs: 6, maxMinutes: null }, true],
  ['as many epochs', { epochs: 5, maxMinutes: null }, { epochs: 5, maxMinutes: null }, false],
  [
    'fewer epochs, if more than are done',
    { epochs: 5, maxMinutes: null },
    { epochs: 4, maxMinutes: null },
    false,
  ],
  ['more minutes', { epochs: 5, maxMinutes: 10 }, { epochs: 5, maxMinutes: 11 }, true],
  ['fewer minutes', { epochs: 5, maxMinutes: 10 }, { epochs: 5, maxMinutes: 9 }, false],
  [
    'minutes for epochs, if more than it took',
    { epochs: 5, maxMinutes: null },
    { epochs: 5, maxMinutes: 5 },
    true,
  ],
  [
    'minutes for epochs, if it took more',
    { epochs: 5, maxMinutes: null },
    { epochs: 5, maxMinutes: 3 },
    false,
  ],
  [
    'epochs for minutes, if more than are done',
    { epochs: 100, maxMinutes: 10 },
    { epochs: 4, maxMinutes: null },
    true,
  ],
  [
    'epochs for minutes, if as many are done',
    { epochs: 100, maxMinutes: 10 },
    { epochs: 3, maxMinutes: null },
    false,
  ],
] as const)('what extends a run of 3 epochs and 4 minutes: %s', (_, before, after, expected) => {
  expect(isLonger(before, after, done(3, 4))).toBe(expected);
});

test.each([
  [
    { epochs: 3, maxMinutes: null },
    /the run is finished after 3 epochs; extend it with `resume: "runs\/a", epochs: 6`$/,
  ],
  [
    { epochs: 9, maxMinutes: 4 },
    /the run is finished after 4 minutes; extend it with `resume: "runs\/a", maxMinutes: 8`$/,
  ],
] as const)('a finished run of %j says how to extend it', (length, note) => {
  expect(finishedNote('runs/a', length, done(3, 4))).toMatch(note);
  expect(finishedNote('runs/a', length, done(2, 3))).toBeUndefined();
});
