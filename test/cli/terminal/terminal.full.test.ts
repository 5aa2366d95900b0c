import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { synthesizeDataset } from '../../../src/tasks/datasets/synthesize-dataset.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { runCli } from '../run-cli.ts';
import { CTRL_C, HAS_TERMINAL, runInTerminal } from './pseudo-terminal.ts';

const folder = temporaryFolder();
const SIZES = [
  { columns: 100, rows: 24 },
  { columns: 80, rows: 24 },
];

const TRAIN = [
  ...['train', '--data', 'shapes/train.json', '--model', 'tiny.safetensors', '--size', '64', '--batch', '2'],
  ...['--engine', 'onnx-plain', '--threads', '1', '--set', 'evaluateSplit=null'],
];

/** More lines than the terminal has. */
const EPOCHS = 26;

/** A line of a progress bar; charts of `dataset check` have no figures after them. */
const BAR = /[█░] .*\d/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what this looks for
const ESCAPE = /\u001b/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what this looks for
const COLOR = /\u001b\[[\d;]*m/;

/** Every line as it was printed: none is lost or torn, and nothing of the bar remains. */
function expectClean(screen: readonly string[]): void {
  expect(screen.filter((line) => BAR.test(line))).toEqual([]);
  expect(screen.filter((line) => line.trim() === '')).toEqual([]);
}

beforeAll(async () => {
  await synthesizeDataset({ out: join(folder, 'shapes'), train: 8, val: 4, size: 96 });
  await writeModel(join(folder, 'tiny.safetensors'), tinyModel());
  await writeFile(join(folder, 'broken.jpg'), 'no picture');
});

describe.skipIf(!HAS_TERMINAL).each(SIZES)('at a terminal of $columns×$rows', ({ columns, rows }) => {
  const terminal = { cwd: folder, columns, rows };

  test('a finished run leaves one line per epoch and the next command, and nothing of its bar', async () => {
    const args = [...TRAIN, '--epochs', String(EPOCHS), '--name', 'ended'];
    const { code, output, screen } = await runInTerminal(args, terminal);
    expect(code).toBe(0);
    expect(output).toMatch(/█ 100\.0 % · epoch 26 · loss [\d.]+ · 0 s left/);
    expectClean(screen);
    const epochs = screen.filter((line) => line.startsWith('epoch ')).map((line) => line.split(' ')[1]);
    expect(epochs).toEqual(Array.from({ length: EPOCHS }, (_, index) => String(index + 1)));
    const done = screen.findIndex((line) => line.startsWith(`done after ${EPOCHS} epochs`));
    expect(screen.slice(done).join('')).toContain('try it: micro-yolo detect photo.jpg --model');
  });

  test('a run interrupted with Ctrl+C ends with the command that resumes it', async () => {
    const args = [...TRAIN, '--epochs', '500', '--name', 'stopped'];
    const typed = [{ after: /epoch 2 · [^\n]*\n/, keys: CTRL_C }];
    const { code, screen } = await runInTerminal(args, { ...terminal, typed });
    expect(code).toBe(130);
    expectClean(screen);
    expect(screen).toContain('note: saving after this step; press again to stop at once');
    expect(screen.at(-1)).toMatch(/^resume with: micro-yolo train --resume runs\/stopped-\d+$/);
    expect(screen.at(-2)).toMatch(/^interrupted after \d+ epochs/);
  });

  test('a run stopped at once with Ctrl+C leaves no bar', async () => {
    const args = [...TRAIN, '--epochs', '500', '--name', 'killed'];
    const typed = [{ after: /epoch 2 · [^\n]*\n/, keys: CTRL_C + CTRL_C }];
    const { code, screen } = await runInTerminal(args, { ...terminal, typed });
    expect(code).toBe(130);
    expectClean(screen);
  });

  test('a failing run ends with the error', async () => {
    const args = [...TRAIN, '--epochs', '3', '--set', 'optimizer.learningRate=1e30', '--name', 'failed'];
    const { code, screen } = await runInTerminal(args, terminal);
    expect(code).toBe(1);
    expectClean(screen);
    expect(screen.filter((line) => line.startsWith('error: '))).toHaveLength(1);
  });

  test('detect names skipped files on their own lines', async () => {
    const pictures = (await readdir(join(folder, 'shapes/train'))).map((name) => `shapes/train/${name}`);
    const args = ['detect', 'broken.jpg', ...pictures, '--model', 'tiny.safetensors', '--out', 'drawn'];
    const { code, output, screen } = await runInTerminal(args, terminal);
    expect(code).toBe(3);
    expect(output).toMatch(/░ [\d/]+ images/);
    expectClean(screen.filter((line) => line !== ''));
    expect(screen.filter((line) => line.startsWith('skipped: broken.jpg'))).toHaveLength(1);
    expect(screen.join('\n')).toMatch(
      new RegExp(`${pictures.length} images, \\d+ with objects; drawn in drawn`),
    );
  });

  test.each<readonly [name: string, args: readonly string[], last: RegExp]>([
    ['val', ['val', '--data', 'shapes/val.json', '--model', 'tiny.safetensors'], /./],
    ['dataset check', ['dataset', 'check', 'shapes/train.json'], /./],
    [
      'dataset convert',
      [
        'dataset',
        'convert',
        'coco',
        'shapes/train.json',
        '--to',
        'yolo',
        '--out',
        'converted',
        '--overwrite',
      ],
      /written as YOLO/,
    ],
  ])('%s leaves its usual output, and no bar', async (_, args, last) => {
    const { code, output, screen } = await runInTerminal(args, terminal);
    expect(code).toBe(0);
    expect(output).toMatch(BAR);
    expectClean(screen.filter((line) => line !== ''));
    expect(screen.at(-1)).toMatch(last);
  });
});

describe.skipIf(!HAS_TERMINAL)('at a terminal', () => {
  const terminal = { cwd: folder, columns: 80, rows: 24 };

  test('Ctrl+C ends a command with a bar like any other', async () => {
    const args = ['dataset', 'synthesize', '--out', 'many', '--train', '5000', '--val', '0'];
    const typed = [{ after: /images\/s/, keys: CTRL_C }];
    const { code, screen } = await runInTerminal(args, { ...terminal, typed });
    expect(code).toBe(130);
    expectClean(screen);
  });

  test('respects NO_COLOR, and writes no escape sequences with TERM=dumb', async () => {
    const args = ['dataset', 'check', 'shapes/train.json'];
    const plain = await runInTerminal(args, { ...terminal, env: { NO_COLOR: '1' } });
    expect(plain.output).not.toMatch(COLOR);
    const dumb = await runInTerminal(args, { ...terminal, env: { TERM: 'dumb' } });
    expect(dumb.output).not.toMatch(ESCAPE);
  });
});

test('without a terminal there are neither bars nor escape sequences', async () => {
  const { stdout, stderr } = await runCli([...TRAIN, '--epochs', '1', '--name', 'piped'], folder);
  const checked = await runCli(['dataset', 'check', 'shapes/train.json'], folder);
  for (const text of [stderr, stdout, checked.stderr]) expect(text).not.toMatch(ESCAPE);
  expect(stderr + stdout + checked.stderr).not.toMatch(BAR);
});
