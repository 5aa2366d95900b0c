import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  formatSettings,
  mergeSettings,
  resolveSettings,
  settingsDifferences,
} from '../../../src/tasks/train/settings-file.ts';

test('later settings override earlier ones, section by section', () => {
  const base = { data: 'a', loss: { box: 'ciou', gains: { box: 1, classes: 2 } }, freeze: ['x'] };
  const over = { data: undefined, loss: { gains: { box: 3 } }, freeze: ['y'] };
  expect(mergeSettings(base, over)).toEqual({
    data: 'a',
    loss: { box: 'ciou', gains: { box: 3, classes: 2 } },
    freeze: ['y'],
  });
});

test('an experiment file explains every setting and gives the same settings back', () => {
  const settings = resolveSettings({ data: 'my-data' }, 'test');
  const text = formatSettings(settings);
  expect(resolveSettings(parse(text), 'test')).toEqual(settings);
  const lines = text.split('\n');
  const unexplained = lines.filter(
    (line, at) => /^ *[a-zA-Z]\w*:/.test(line) && !/^ *#/.test(lines[at - 1] ?? ''),
  );
  // Sections are explained by their fields.
  const sections = ['optimizer:', 'schedule:', 'loss:', 'objectness:', 'classes:', 'augmentation:'];
  const parts = ['box: 5', 'objectness: 1', 'classes: 1', 'distill: 1', 'hint: 0'];
  expect(
    unexplained.map((line) => line.trim()).filter((line) => ![...sections, ...parts].includes(line)),
  ).toEqual([]);
});

test('SGD has its usual weight decay unless one is given', () => {
  const decay = (optimizer: object) =>
    resolveSettings({ data: 'x', optimizer }, 'test').optimizer.weightDecay;
  expect([decay({}), decay({ kind: 'sgd' }), decay({ kind: 'sgd', weightDecay: 0.01 })]).toEqual([
    0.05, 5e-4, 0.01,
  ]);
});

test('names differences with both values', () => {
  const before = { epochs: 60, loss: { box: 'ciou', gains: { box: 5 } } };
  const after = { epochs: 80, loss: { box: 'ciou', gains: { box: 4 } } };
  expect(settingsDifferences(before, after)).toEqual(['epochs (60, now 80)', 'loss.gains.box (5, now 4)']);
});

test.each([
  [{ data: 'a', batch: 0 }, 'test: batch 0: Too small'],
  [{ data: 'a', los: {} }, 'test: los: no such setting'],
  [{ data: 'a', loss: { gains: { box: -1 } } }, 'test: loss.gains.box -1: Too small'],
  [{}, 'test: data missing: '],
])('refuses %j', (given, message) => {
  expect(() => resolveSettings(given, 'test')).toThrow(message);
});
