import { afterEach, expect, test, vi } from 'vitest';
import { Progress } from '../../src/cli/progress.ts';

const { isTTY } = process.stderr;
afterEach(() => {
  process.stderr.isTTY = isTTY;
  vi.restoreAllMocks();
});

/** What a bar of two steps writes. */
function written(terminal: boolean): string {
  process.stderr.isTTY = terminal;
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const progress = new Progress('images');
  progress.start(2);
  progress.step();
  progress.step();
  progress.stop();
  return write.mock.calls.map(([text]) => String(text)).join('');
}

test('a terminal gets a bar that counts', () => {
  expect(written(true)).toContain('2/2 images');
});

test("the terminal's modes stay: an interrupted run could not restore them", () => {
  expect(written(true)).not.toContain('\u001b[?');
});

test('a file gets nothing', () => {
  expect(written(false)).toBe('');
});
