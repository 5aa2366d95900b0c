import { afterEach, expect, test, vi } from 'vitest';
import { Progress } from '../../../src/cli/terminal/progress.ts';

const { isTTY } = process.stderr;
afterEach(() => {
  process.stderr.isTTY = isTTY;
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

/** The output of a bar with two steps, a second each. */
function written(terminal: boolean): string {
  process.stderr.isTTY = terminal;
  vi.stubEnv('TERM', 'xterm');
  vi.useFakeTimers({ toFake: ['performance'] });
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const progress = new Progress('images');
  progress.start(2);
  for (let step = 0; step < 2; step++) {
    vi.advanceTimersByTime(1000);
    progress.step();
  }
  progress.stop();
  return write.mock.calls.map(([text]) => String(text)).join('');
}

test('draws a counting bar at a terminal', () => {
  expect(written(true)).toContain('2/2 images');
});

test("leaves the terminal's modes alone: an interrupted run could not restore them", () => {
  expect(written(true)).not.toContain('\u001b[?');
});

test('writes nothing to a file', () => {
  expect(written(false)).toBe('');
});
