import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readModel, writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { synthesizeDataset } from '../../../src/tasks/datasets/synthesize-dataset.ts';
import { trainDetector } from '../../../src/tasks/train/train-detector.ts';
import { CHECKPOINT_FILE, readCheckpoint } from '../../../src/training/run/checkpoint.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const root = temporaryFolder();
const inRoot = (name: string) => join(root, name);

beforeAll(async () => {
  await writeModel(inRoot('tiny.safetensors'), tinyModel());
});

/** A run on its own data that was stopped after three of six steps. */
async function stopped(name: string, given?: (path: string) => string): Promise<string> {
  await synthesizeDataset({ out: inRoot(name), train: 6, val: 2, size: 64 });
  const stop = new AbortController();
  const settings = {
    ...{ data: inRoot(name), model: inRoot('tiny.safetensors'), runs: inRoot('runs'), name, size: 64 },
    ...{ batch: 2, epochs: 2, evaluateEvery: 1, engine: 'onnx-plain' as const, threads: 1 },
    checkpointMinutes: 1e-9,
    ...(given && {
      ...{ data: given(inRoot(name)), model: given(inRoot('tiny.safetensors')), runs: given(inRoot('runs')) },
      ...{ weights: given(inRoot('tiny.safetensors')), teacher: given(inRoot('tiny.safetensors')) },
    }),
  };
  const report = await trainDetector(
    { settings },
    {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'step' && event.step === 3) stop.abort();
      },
    },
  );
  expect(report).toMatchObject({ reason: 'interrupted', steps: 3 });
  return report.folder;
}

test('a stopped run continues to its end, even with other threads', async () => {
  const resume = await stopped('whole');
  const report = await trainDetector({ resume, settings: { threads: 2 } });
  expect(report).toMatchObject({ reason: 'finished', epochs: 2, steps: 6, folder: resume });
  expect((await readCheckpoint(resume)).run.history.map((row) => row['epoch'])).toEqual([1, 2]);
});

test('a model records its origin, even if its run was resumed', async () => {
  const resume = await stopped('origin');
  const made = {
    source: `trained by micro-yolo on ${inRoot('origin')}`,
    'training images': '6',
    'initial weights': 'tiny.safetensors: test',
  };
  expect((await readCheckpoint(resume)).model.provenance).toMatchObject(made);
  const { model } = await trainDetector({ resume });
  const { accuracy, ...provenance } = (await readModel(model)).provenance;
  expect(provenance).toEqual(made);
  expect(accuracy).toMatch(/^AP/);
});

test('a run resumes with its own settings and accepts no other settings file', async () => {
  await expect(trainDetector({ resume: inRoot('runs'), config: 'other.yaml' })).rejects.toThrow(
    'config other.yaml with resume: the run keeps its own settings; leave out config',
  );
});

test('says that it resumes from the previous checkpoint because the newest is damaged', async () => {
  const resume = await stopped('damaged');
  await writeFile(join(resume, CHECKPOINT_FILE), 'no checkpoint');
  const notes: string[] = [];
  const report = await trainDetector(
    { resume },
    {
      onEvent: (event) => {
        if (event.type === 'note') notes.push(event.message);
      },
    },
  );
  expect(report.steps).toBe(6);
  expect(notes.join('\n')).toMatch(/checkpoint\.safetensors: .*; continuing from the checkpoint before/);
});

test('does not resume with other data, or without its evaluation data', async () => {
  const resume = await stopped('changed');
  const labels = inRoot('changed/train.json');
  const before = await readFile(labels, 'utf8');
  const changed = JSON.parse(before);
  changed.annotations[0].bbox[2] /= 2;
  await writeFile(labels, JSON.stringify(changed));
  await expect(trainDetector({ resume })).rejects.toThrow(
    `resume ${resume}: split train of the data has changed since the run started`,
  );
  await writeFile(labels, before);
  await rename(inRoot('changed/val.json'), inRoot('changed/kept.json'));
  await expect(trainDetector({ resume })).rejects.toThrow('split val of the data has changed');
});

test('a run that holds out images for evaluation resumes with the same ones', async () => {
  await synthesizeDataset({ out: inRoot('shared'), train: 8, val: 1, size: 64 });
  const stop = new AbortController();
  const settings = {
    ...{ data: inRoot('shared/train.json'), model: inRoot('tiny.safetensors'), runs: inRoot('runs') },
    ...{ name: 'shared', size: 64, batch: 2, epochs: 2, evaluateEvery: 1, valShare: 0.25 },
    ...{ engine: 'onnx-plain' as const, threads: 1, checkpointMinutes: 1e-9 },
  };
  const { folder } = await trainDetector(
    { settings },
    {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'step' && event.step === 2) stop.abort();
      },
    },
  );
  const { data } = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'));
  expect([data.train.images, data.val.images]).toEqual([6, 2]);
  await expect(trainDetector({ resume: folder, settings: { splitSeed: 2 } })).rejects.toThrow(
    'settings differ from those the run started with: splitSeed (1, now 2)',
  );
  const report = await trainDetector({ resume: folder });
  expect(report).toMatchObject({ reason: 'finished', steps: 6 });
  expect(report.best).toBeDefined();
});

test('a run resumes from any current folder, even if its paths were given from another', async () => {
  const resume = await stopped('elsewhere', (path) => relative(process.cwd(), path));
  const settings = parse(await readFile(join(resume, 'experiment.yaml'), 'utf8'));
  expect(settings).toMatchObject({
    ...{ data: inRoot('elsewhere'), model: inRoot('tiny.safetensors'), runs: inRoot('runs') },
    ...{ weights: inRoot('tiny.safetensors'), teacher: inRoot('tiny.safetensors') },
  });
  const { run } = await readCheckpoint(resume);
  expect(JSON.parse(run.settings)).toMatchObject({ data: inRoot('elsewhere') });
  const { reason } = await trainDetector({
    resume,
    settings: { data: relative(process.cwd(), inRoot('elsewhere')) },
  });
  expect(reason).toBe('finished');
});

test('a finished run says so, and resumes for more epochs than it had, not for fewer', async () => {
  const resume = await stopped('longer');
  await trainDetector({ resume });
  const notes: string[] = [];
  const again = await trainDetector(
    { resume },
    {
      onEvent: (event) => {
        if (event.type === 'note') notes.push(event.message);
      },
    },
  );
  expect(again).toMatchObject({ reason: 'finished', epochs: 2 });
  expect(notes.join('\n')).toContain(
    `${resume}: the run is finished after 2 epochs; extend it with \`resume: ${JSON.stringify(resume)}, epochs: 4\``,
  );
  await expect(trainDetector({ resume, settings: { epochs: 1 } })).rejects.toThrow('epochs (2, now 1)');
  const longer = await trainDetector({ resume, settings: { epochs: 3 } });
  expect(longer).toMatchObject({ reason: 'finished', epochs: 3, steps: 9 });
  expect(parse(await readFile(join(resume, 'experiment.yaml'), 'utf8'))).toMatchObject({ epochs: 3 });
});

test('refuses teacher weights without a teacher', async () => {
  const settings = { data: inRoot('none'), teacherWeights: 'a.weights' };
  await synthesizeDataset({ out: inRoot('none'), train: 2, val: 1, size: 64 });
  await expect(
    trainDetector({ settings: { ...settings, model: inRoot('tiny.safetensors') } }),
  ).rejects.toThrow('teacherWeights a.weights: there is no teacher');
});
