import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { smallDetector } from '../tasks/prune/small-detector.ts';
import { temporaryFolder } from '../temporary-files.ts';
import { cliCommand, runCli } from './run-cli.ts';

const folder = temporaryFolder();

beforeAll(async () => {
  await smallDetector(folder, [1, 2, 1, 1]);
});

const OPTIMIZE = [
  ...['optimize', '--model', 'small.safetensors', '--data', 'shapes', '--threads', '1', '--tables', 'tables'],
  ...['--max-drop', '100', '--set', 'batch=2', '--set', 'engine="onnx-plain"'],
];

/** Sends a signal as soon as the first model is measured. @returns its exit code and output */
function interrupted(args: readonly string[], signal: NodeJS.Signals) {
  const [program, ...rest] = cliCommand(args);
  const child = spawn(program, rest, { cwd: folder });
  let [stdout, stderr, isSent] = ['', '', false];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    if (!isSent && stderr.includes('start:')) {
      isSent = true;
      child.kill(signal);
    }
  });
  return new Promise<{ code: number | null; stdout: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout }));
  });
}

test('an unreachable time: writes the best file, and the exit code says so', async () => {
  const args = [...OPTIMIZE, '--precision', 'int8', '--minutes', '0.01', '--ms', '1%', '--out', 'int8'];
  const { code, stdout, stderr } = await runCli(args, folder);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^start: \d+\.\d\d ms, AP50 \d+\.\d\d %; files compute in 8 bits$/m);
  expect(stdout).toMatch(/^model +ms +× as fast +file +AP +AP50/);
  expect(stdout).toMatch(/^models\/step-00-int8\.safetensors .* best$/m);
  expect(stdout).toMatch(
    /^--ms 1% was not reached: the time for steps ran out\. The best within the tolerance takes \d+\.\d\d ms\.$/m,
  );
  const compared = await runCli(
    ['compare', 'small.safetensors', 'int8/best.safetensors', '--rounds', '0'],
    folder,
  );
  expect(compared.stdout).toMatch(/^int8\/best\.safetensors .* optimized, quantized /m);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s saves and ends with code %s, and the same command continues', async (signal, expected) => {
  const args = [...OPTIMIZE, '--precision', 'float32', '--epochs', '100', '--out', signal];
  const { code, stdout } = await interrupted(args, signal);
  expect(code).toBe(expected);
  expect(stdout).toMatch(/^interrupted; continue with: micro-yolo optimize --model small\.safetensors /);
  const journal = async () => (await readFile(join(folder, signal, 'journal.jsonl'), 'utf8')).split('\n');
  const before = (await journal()).slice(0, -1);
  expect(before.at(-1)).toMatch(/^\{"type":"pause"/);
  const { code: again, stderr } = await runCli([...args, '--minutes', '0.01'], folder);
  expect((await journal()).slice(0, before.length)).toEqual(before);
  // This time there was no time for a step.
  expect([again, stderr.includes('no time for a step')]).toEqual([1, true]);
});

describe('is refused in one line, and leaves nothing', () => {
  const REFUSED = [...OPTIMIZE, '--out', 'refused'];

  test.for([
    [[...REFUSED, '--max-drop', '0'], 2, 'maxDrop 0: expected points of AP50 above 0'],
    [[...REFUSED, '--max-drop', '-1'], 2, '--max-drop "-1": expected a number from 0 to 100'],
    [[...REFUSED, '--split', 'test'], 2, 'split test: a split that selects the model cannot test it'],
    [[...REFUSED, '--ms', 'soon'], 2, 'ms "soon": expected milliseconds such as 2.5'],
    [[...REFUSED, '--precision', 'int4'], 2, '--precision "int4": expected fastest, float32, int8'],
    [[...REFUSED, '--data', 'nowhere'], 1, 'nowhere: no such file'],
    [[...REFUSED, '--model', 'nothing.safetensors'], 1, 'nothing.safetensors'],
    [[...REFUSED, '--set', 'epoch=3'], 2, 'optimize: epoch: no such setting'],
  ] as const)('%j', async ([args, exit, message]) => {
    const { code, stdout, stderr } = await runCli(args, folder);
    expect([code, stdout]).toEqual([exit, '']);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });
});
