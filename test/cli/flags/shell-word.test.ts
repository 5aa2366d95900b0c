import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord } from '../../../src/cli/flags/shell-word.ts';

test.each(['best.safetensors', '--max-drop', 'loss.gains.box=4', '50%'])('%s stays as it is', (word) => {
  expect(shellWord(word)).toBe(word);
});

test
  .runIf(process.platform !== 'win32')
  .each([
    'my photos',
    '$HOME/a',
    'back`tick`',
    String.raw`back\slash`,
    'say "hi"!',
    "it's $5",
    'a;b & c',
    '*',
    '',
  ])('a shell reads %j back as one word', (word) => {
  const printed = execFileSync('sh', ['-c', `printf '%s|' ${shellWord(word)}`], { encoding: 'utf8' });
  expect(printed).toBe(`${word}|`);
});
