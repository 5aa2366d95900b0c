import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readModel, writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { synthesizeDataset } from '../../../src/tasks/datasets/synthesize-dataset.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { cliCommand, runCli } from '../run-cli.ts';

const folder = temporaryFolder();

/** A tiny network on tiny images: a run takes seconds. */
const TINY = [
  ...['train', '--data', 'shapes/train.json', '--model', 'tiny.safetensors', '--size', '64', '--batch', '2'],
  ...['--engine', 'onnx-plain', '--threads', '1', '--set', 'evaluateSplit=null'],
];

beforeAll(async () => {
  await synthesizeDataset({ out: join(folder, 'shapes'), train: 8, val: 4, size: 96 });
  await writeModel(join(folder, 'tiny.safetensors'), tinyModel());
  await writeModel(join(folder, 'pets.safetensors'), { ...tinyModel(), classes: ['cat', 'dog'] });
});

describe('train', () => {
  test('makes a run folder with model, curves, samples and settings, and says how to continue', async () => {
    const args = TINY.slice(0, -2).map((arg) => (arg === 'shapes/train.json' ? 'shapes' : arg));
    const { code, stdout, stderr } = await runCli([...args, '--epochs', '2', '--name', 'first'], folder);
    expect(stderr).toContain('run runs/first-001');
    expect(stderr).toMatch(
      /tensors taken from tiny\.safetensors\n.*2 of \d classes taken by name from tiny\.safetensors: /,
    );
    expect(stderr).toMatch(/epoch 2 · .* · loss [\d.]+ = .* images\/s · AP [\d.]+ %, AP50 [\d.]+ %/);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^done after 2 epochs/);
    const run = join(folder, 'runs/first-001');
    const files = ['best', 'last', 'checkpoint'].map((name) => `${name}.safetensors`);
    for (const name of [
      ...files,
      'experiment.yaml',
      'run.json',
      'results.csv',
      'results.png',
      'samples/epoch-0002.jpg',
    ]) {
      expect(existsSync(join(run, name)), name).toBe(true);
    }
    const { classes, provenance } = await readModel(join(run, 'best.safetensors'));
    expect(provenance['accuracy']).toMatch(/^AP [\d.]+, AP50 [\d.]+ \(val\)$/);
    const both = ['runs/first-001/best.safetensors', 'tiny.safetensors'];
    const compared = await runCli(['compare', ...both, '--rounds', '0'], folder);
    expect(compared.stdout).toMatch(
      /best\.safetensors .*AP [\d.]+, AP50 [\d.]+ \(val\)\n.*tiny\.safetensors .*–/,
    );
    const lines = (await readFile(join(run, 'results.csv'), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(parse(await readFile(join(run, 'experiment.yaml'), 'utf8'))).toMatchObject({
      epochs: 2,
      size: { width: 64, height: 64 },
    });
    const command = stdout.match(/micro-yolo (detect photo\.jpg --model (\S+))/)!;
    const picture = (await readdir(join(folder, 'shapes/val')))[0]!;
    const detected = await runCli(['detect', `shapes/val/${picture}`, '--model', command[2]!], folder);
    expect(detected.code).toBe(0);
    expect(classes.length).toBeGreaterThan(2);
    const evaluated = await runCli(['val', '--model', command[2]!, '--data', 'shapes', '--json'], folder);
    expect(JSON.parse(evaluated.stdout).metrics.AP).toBeGreaterThanOrEqual(0);
  });

  test('also saves on SIGTERM', async () => {
    const [program, ...rest] = cliCommand([...TINY, '--epochs', '500', '--name', 'terminated']);
    const child = spawn(program, rest, { cwd: folder });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    child.stderr.on('data', (chunk) => {
      if (`${chunk}`.includes('epoch 1 ')) child.kill('SIGTERM');
    });
    expect(await ended).toBe(143);
    expect(existsSync(join(folder, 'runs/terminated-001/checkpoint.safetensors'))).toBe(true);
  });

  test('saves on Ctrl+C and says how to continue', async () => {
    const [program, ...rest] = cliCommand([...TINY, '--epochs', '500', '--name', 'stopped']);
    const child = spawn(program, rest, { cwd: folder });
    let output = '';
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    child.stdout.on('data', (chunk) => (output += chunk));
    await new Promise<void>((resolve) =>
      child.stderr.on('data', (chunk) => {
        if (`${chunk}`.includes('epoch 2 ')) resolve();
      }),
    );
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(output).toContain('resume with: micro-yolo train --resume runs/stopped-001');
    const changed = await runCli(
      ['train', '--resume', 'runs/stopped-001', '--epochs', '3', '--batch', '4', '--threads', '2'],
      folder,
    );
    expect(changed.code).toBe(2);
    expect(changed.stderr).toContain('epochs (500, now 3), batch (2, now 4)');
    // Not a changed setting: another number of threads only rounds differently.
    expect(changed.stderr).not.toContain('threads (');
  });

  test('saves on Ctrl+C that also ends the reader of its output', async () => {
    const [program, ...rest] = cliCommand([...TINY, '--epochs', '500', '--name', 'unread']);
    const child = spawn(program, rest, { cwd: folder });
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    await new Promise<void>((resolve) =>
      child.stderr.on('data', (chunk) => {
        if (`${chunk}`.includes('epoch 1 ')) resolve();
      }),
    );
    child.stdout.destroy();
    child.stderr.destroy();
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(existsSync(join(folder, 'runs/unread-001/last.safetensors'))).toBe(true);
  });

  test('refuses a hint without a teacher before anything is made', async () => {
    const before = await readdir(folder, { recursive: true });
    const { code, stderr } = await runCli([...TINY, '--set', 'loss.gains.hint=1'], folder);
    expect(code).toBe(2);
    expect(stderr).toContain('loss.gains.hint: expected a teacher too');
    const hints = ['--set', 'hints={"block4.act":"block2.act"}'];
    const idle = await runCli([...TINY, '--teacher', 'tiny.safetensors', ...hints], folder);
    expect(idle.stderr).toContain('hints: expected a gain `loss.gains.hint` above 0');
    const other = [...hints, '--set', 'loss.gains.hint=1', '--teacher', 'tiny.safetensors'];
    expect((await runCli([...TINY, ...other], folder)).stderr).toMatch(
      /hints: block4\.act of \S+ has \d+ × \d+ cells/,
    );
    const missing = await runCli([...TINY, '--teacher', 'missing.safetensors'], folder);
    expect(missing.code).toBe(1);
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  });

  test('learns from a teacher with layers frozen', async () => {
    const teacher = [
      '--teacher',
      'tiny.safetensors',
      '--set',
      'loss.gains.hint=1',
      '--set',
      'anchors=teacher',
      '--set',
      'hints={"block4.act":"block4.norm"}',
    ];
    const args = [...TINY, ...teacher, '--freeze', 'block0*,block1*', '--epochs', '1'];
    const { code, stdout, stderr } = await runCli([...args, '--json'], folder);
    expect(code).toBe(0);
    const line = stderr.split('\n').find((text) => text.startsWith('epoch 1 '))!;
    const named = [...line.matchAll(/(loss|box|object|class|teacher|hint) ([\d.]+)/g)];
    expect(named.map(([, name]) => name)).toEqual(['loss', 'box', 'object', 'class', 'teacher', 'hint']);
    const [total, ...parts] = named.map(([, , value]) => Number(value)) as [number, ...number[]];
    expect(parts.reduce((sum, part) => sum + part)).toBeCloseTo(total, 1);
    const report = JSON.parse(stdout);
    expect(report.history[0]['loss.distill']).toBeGreaterThan(0);
    expect(report.history[0]['loss.hint']).toBeGreaterThan(0);
    const trained = await readModel(join(folder, report.model));
    const { weights } = tinyModel();
    const isSame = (name: string) => `${trained.weights.get(name)!.data}` === `${weights.get(name)!.data}`;
    const kept = [...weights.keys()].filter((name) => /^block[01]/.test(name));
    expect(kept.length).toBeGreaterThan(5);
    expect(kept.filter((name) => !isSame(name))).toEqual([]);
    expect([...weights.keys()].filter((name) => /^block[2-4]/.test(name) && isSame(name))).toEqual([]);
  });

  test('prints every setting as an experiment file that gives the same run', async () => {
    const { code, stdout } = await runCli([...TINY, '--set', 'loss.gains.box=4', '--print-config'], folder);
    expect(code).toBe(0);
    expect(parse(stdout)).toMatchObject({
      batch: 2,
      loss: { gains: { box: 4 } },
      augmentation: { mosaic: 0.5 },
    });
    await writeFile(join(folder, 'experiment.yaml'), stdout);
    const again = await runCli(['train', '--config', 'experiment.yaml', '--print-config'], folder);
    expect(again.stdout).toBe(stdout);
    await writeFile(join(folder, 'minutes.yaml'), stdout.replace('maxMinutes: null', 'maxMinutes: 10'));
    const epochs = ['--config', 'minutes.yaml', '--epochs', '3', '--print-config'];
    expect(parse((await runCli(['train', ...epochs], folder)).stdout)).toMatchObject({
      epochs: 3,
      maxMinutes: null,
    });
  });

  test('leaves no folder of a run that never started', async () => {
    const count = ['--set', 'loss.scaleBalance=[1,2,3]', '--name', 'idle'];
    const { code, stderr } = await runCli([...TINY, ...count], folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining('scaleBalance')]);
    expect((await readdir(join(folder, 'runs'))).filter((run) => run.startsWith('idle'))).toEqual([]);
  });

  test('draws the first batches with their boxes', async () => {
    const { code, stdout } = await runCli([...TINY, '--show-batch', '2'], folder);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(['runs/batch-1.jpg', 'runs/batch-2.jpg']);
    expect(existsSync(join(folder, 'runs/batch-2.jpg'))).toBe(true);
  });

  test('draws the first batches in the size in which they are trained', async () => {
    const widths: number[] = [];
    for (const sizes of ['[64]', '[160]']) {
      const { code } = await runCli(
        [...TINY, '--show-batch', '1', '--set', `multiScale.sizes=${sizes}`],
        folder,
      );
      expect(code).toBe(0);
      widths.push((await sharp(join(folder, 'runs/batch-1.jpg')).metadata()).width);
    }
    expect(widths[1]).toBeGreaterThan(widths[0]!);
  });

  test.each<[readonly string[], RegExp]>([
    [['train'], /^error: train: no data; pass --data/],
    [['train', '--data', 'nowhere.json'], /nowhere\.json: no such file/],
    [['train', '--data', 'shapes', '--model', 'micro-yol'], /model "micro-yol".*did you mean micro-yolo/],
    [[...TINY, '--set', 'loss.gain.box=1'], /loss\.gain: no such setting; see/],
    [[...TINY, '--set', 'optimizer.learningRate=fast'], /optimizer\.learningRate "fast": .*expected number/],
    [[...TINY, '--size', '100'], /size\.width 100: .*multiple of 32/],
    [['train', '--resume', 'runs/none-001'], /resume runs\/none-001: no such folder/],
    [
      ['train', '--resume', 'runs/none-001', '--print-config'],
      /--print-config with --resume: .* experiment\.yaml; pass that with --config, without --resume/,
    ],
    [
      ['train', '--resume', 'runs/none-001', '--name', 'other'],
      /--name other with --resume: the run stays in its folder; leave out --name/,
    ],
    [
      [...TINY, '--epochs', '3', '--max-minutes', '60'],
      /--epochs 3 with --max-minutes 60: only one of them can end a run; leave out the other/,
    ],
    [
      [...TINY, '--epochs', '3', '--set', 'maxMinutes=60'],
      /--epochs 3 with --set maxMinutes=60: only one of them can end a run; leave out the other/,
    ],
    [
      [...TINY, '--epochs', '3', '--set', 'epochs=4'],
      /--epochs 3 with --set epochs=4: only one of them can end a run; leave out the other/,
    ],
    [['train', '--resume', 'shapes'], /checkpoint\.safetensors: no such file/],
    [[...TINY, '--teacher', 'pets.safetensors'], /teacher pets\.safetensors: has none of the classes/],
    [[...TINY, '--set', 'anchors=teacher'], /anchors teacher: there is no teacher; set one with --teacher/],
    [
      [...TINY, '--teacher', 'yolov3-tiny', '--set', 'anchors=teacher'],
      /anchors teacher: yolov3-tiny has different grids from tiny/,
    ],
    [[...TINY, '--freeze', '*'], /every layer is frozen/],
    [['train', '--data', 'empty.json'], /empty\.json: .*no images/],
    [
      ['train', '--data', 'flat.json', '--set', 'evaluateSplit=null'],
      /none of the 1 boxes of split train can be trained on/,
    ],
  ])('refuses %j in one line', async (args, message) => {
    const image = { id: 1, file_name: 'a.jpg', width: 10, height: 10 };
    const categories = [{ id: 1, name: 'thing' }];
    const flat = { id: 1, image_id: 1, category_id: 1, bbox: [1, 1, 0, 0], area: 0, iscrowd: 0 };
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'empty.json'), JSON.stringify({ images: [], annotations: [], categories }));
    await writeFile(
      join(folder, 'flat.json'),
      JSON.stringify({ images: [image], annotations: [flat], categories }),
    );
    const { code, stderr } = await runCli(args, folder);
    expect(code).not.toBe(0);
    expect(stderr.trim().split('\n').at(-1)).toMatch(message);
  });
});
