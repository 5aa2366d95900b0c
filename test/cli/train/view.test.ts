import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TrainingView } from '../../../src/cli/train/view.ts';
import type { TrainEvent } from '../../../src/tasks/train/train-detector.ts';

const { isTTY } = process.stderr;
let lines: string[] = [];
beforeEach(() => {
  lines = [];
  process.stderr.isTTY = false;
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text).trimEnd()) > 0);
});
afterEach(() => {
  process.stderr.isTTY = isTTY;
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const step = (progress: number) =>
  ({
    type: 'step',
    epoch: 1,
    step: 1,
    progress,
    metrics: { loss: 3, 'loss.box': 2, 'loss.objectness': 1 },
    milliseconds: { step: 90, waiting: 10 },
  }) as unknown as TrainEvent;

test('a log reports what happens, and at least one line per minute', () => {
  const view = new TrainingView();
  view.show({ type: 'run', folder: 'runs/a', settings: { batch: 8 } } as TrainEvent);
  view.show({ type: 'reading', images: 20 });
  view.show({ type: 'evaluating', epoch: 2 });
  expect(lines).toEqual(['reading 20 images', 'evaluating after epoch 2']);
  view.show(step(0));
  vi.advanceTimersByTime(59_000);
  view.show(step(0.1));
  expect(lines).toHaveLength(2);
  vi.advanceTimersByTime(2000);
  view.show(step(0.25));
  expect(lines.at(-1)).toMatch(
    /^25\.0 % · epoch 1 · loss 3\.00 = box 2\.00 \+ object 1\.00 · 80\.0 images\/s · /,
  );
  view.show(step(0.5));
  expect(lines).toHaveLength(3);
});
