import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { synthesizeDataset } from '../../../src/tasks/datasets/synthesize-dataset.ts';
import { CHECKPOINT_FILE, readCheckpoint } from '../../../src/training/run/checkpoint.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { cliCommand, runCli } from '../run-cli.ts';

const KILLS = 10;

const folder = temporaryFolder();
const args = (name: string) => [
  ...[
    'train',
    '--data',
    'shapes',
    '--model',
    'tiny.safetensors',
    '--size',
    '64',
    '--batch',
    '4',
    '--epochs',
    '150',
  ],
  // A checkpoint after every step, so that kills also fall into writes.
  ...['--set', 'checkpointMinutes=0.0001', '--set', 'evaluateEvery=40', '--name', name],
];

beforeAll(async () => {
  await synthesizeDataset({ out: join(folder, 'shapes'), train: 24, val: 4, size: 96 });
  await writeModel(join(folder, 'tiny.safetensors'), tinyModel());
});

/** Starts the command and kills it after a while, without a chance to save. */
async function runAndKill(
  command: readonly string[],
  after: () => Promise<unknown>,
): Promise<NodeJS.Signals | null> {
  const [program, ...rest] = cliCommand(command);
  const child = spawn(program, rest, { cwd: folder, stdio: 'ignore' });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  await Promise.race([after(), closed]);
  child.kill('SIGKILL');
  return (await closed)[1];
}

async function outcome(run: string) {
  const {
    run: { seconds, reading, history, ...rest },
    state,
  } = await readCheckpoint(join(folder, run));
  const rows = history.map(({ seconds, imagesPerSecond, ...row }) => row);
  return { ...rest, rows, state };
}

test('a run killed at ten random moments ends bit for bit like an uninterrupted one', async () => {
  const whole = await runCli(args('whole'), folder);
  expect(whole.code).toBe(0);
  const random = uniformRandom(3);
  const killed = 'runs/killed-001';
  const checkpoint = join(folder, killed, CHECKPOINT_FILE);
  const written = () => statSync(checkpoint, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  /** Waits for some checkpoints and a little longer, so the next one may be in progress. */
  const someSteps = async () => {
    for (let left = Math.floor(4 * random()); left >= 0; left--) {
      const before = written();
      while (written() === before) await delay(2);
    }
    await delay(20 * random());
  };
  let kills = 0;
  while (kills < KILLS) {
    const command = kills === 0 ? args('killed') : ['train', '--resume', killed];
    if ((await runAndKill(command, someSteps)) !== 'SIGKILL') break;
    kills++;
  }
  expect(kills).toBe(KILLS);
  const end = await runCli(['train', '--resume', killed], folder);
  expect(end.code).toBe(0);
  expect(await outcome(killed)).toEqual(await outcome('runs/whole-001'));
});
