import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDataset } from '../../../src/datasets/open/description.ts';
import { compareRuns, isRun } from '../../../src/tasks/train/compare-runs.ts';
import { openData } from '../../../src/tasks/train/open-data.ts';
import { RunReporter } from '../../../src/tasks/train/report-run.ts';
import { datasetDigest } from '../../../src/tasks/train/run-folder.ts';
import { resolveSettings } from '../../../src/tasks/train/settings-file.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../temporary-files.ts';

const folder = temporaryFolder();
const path = (name: string) => join(folder, name);

/** Data with three images, and a run that finds the object in some of them. */
async function writeRun(name: string, finds: readonly number[], recorded?: string): Promise<string> {
  const images = [1, 2, 3].map((id) => ({ id, file_name: `${id}.jpg`, width: 80, height: 60 }));
  for (const { file_name } of images) await writePhoto(path(file_name));
  const bbox = [10, 10, 30, 30];
  const annotations = images.map(({ id }) => ({
    id,
    image_id: id,
    category_id: 1,
    bbox,
    area: 900,
    iscrowd: 0,
  }));
  const data = JSON.stringify({ images, annotations, categories: [{ id: 1, name: 'cat' }] });
  for (const split of ['train', 'val']) await writeDeep(path(`data/${split}.json`), data);
  for (const { file_name } of images)
    for (const split of ['train', 'val']) await writePhoto(path(`data/${split}/${file_name}`));
  const run = path(`runs/${name}`);
  await writeDeep(join(run, 'experiment.yaml'), `data: ${path('data')}\nepochs: ${3 + finds.length}\n`);
  const sha256 = recorded ?? datasetDigest(await loadDataset(path('data/val.json')));
  const split = { images: 3, boxes: 3, sha256 };
  await writeDeep(join(run, 'run.json'), JSON.stringify({ data: { train: split, val: split } }));
  await writeDeep(join(run, 'results.csv'), `epoch,loss,AP\n1,5,0.1\n2,4,0.${finds.length + 2}\n`);
  const detections = finds.map((image_id) => ({ image_id, category_id: 1, bbox, score: 0.9 }));
  await writeDeep(join(run, 'best-detections.json'), JSON.stringify(detections));
  return run;
}

test('compares runs by their best figures, with intervals of the difference', async () => {
  const runs = [await writeRun('a', [1]), await writeRun('b', [1, 2, 3])];
  const [first, second] = await compareRuns({ runs, report: path('page') });
  expect(first).toMatchObject({ best: { epoch: 2, value: 0.3 }, difference: undefined, epochs: 2 });
  expect(second!.best).toEqual({ epoch: 2, value: 0.5 });
  expect(second!.difference!.metrics.AP!.value).toBeGreaterThan(0.5);
  expect(second!.settings).toEqual([{ name: 'epochs', value: '6', usual: '100' }]);
  expect(existsSync(path('page/index.html'))).toBe(true);
  expect(readFileSync(path('page/index.html'), 'utf8')).toContain('Settings that differ between the runs');
});

test('runs on other data have no difference', async () => {
  const runs = [await writeRun('a', [1]), await writeRun('c', [1, 2], 'other')];
  const [, second] = await compareRuns({ runs });
  expect(second).toMatchObject({ difference: undefined, interval: undefined });
  expect(second!.note).toMatch(/data has changed since the run/);
});

test('a run whose data is gone is compared without an interval, and its data is a setting', async () => {
  const runs = [await writeRun('a', [1]), await writeRun('moved', [1])];
  await writeDeep(join(runs[1]!, 'experiment.yaml'), `data: ${path('gone')}\nepochs: 4\n`);
  const [, second] = await compareRuns({ runs, report: path('gone page') });
  expect(second!.interval).toBeUndefined();
  expect(second!.note).toMatch(/data cannot be read: .*gone/);
  expect(readFileSync(path('gone page/index.html'), 'utf8')).toContain(path('gone'));
});

test('a folder is a run if it contains the settings of the run', async () => {
  expect(await isRun(await writeRun('a', [1]))).toBe(true);
  expect(await isRun(folder)).toBe(false);
});

test('refuses a single run', async () => {
  await expect(compareRuns({ runs: [await writeRun('a', [1])] })).rejects.toThrow('expected at least two');
});

test('the report of a resumed run has the interval of a best epoch from before the resume', async () => {
  const run = await writeRun('resumed', [1, 2]);
  const settings = resolveSettings({ data: path('data') }, 'test');
  const data = await openData(settings, () => {});
  const begun = { history: [], best: { epoch: 2, value: 0.4 } };
  const notes: string[] = [];
  const reporter = new RunReporter(run, settings, data, begun, (note) => notes.push(note));
  await reporter.end('finished');
  expect(notes).toEqual([]);
  expect(readFileSync(join(run, 'report.html'), 'utf8')).toContain('95 % interval ');
});
