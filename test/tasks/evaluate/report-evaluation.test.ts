import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDataset } from '../../../src/tasks/datasets/check/check-dataset.ts';
import { evaluateModel } from '../../../src/tasks/evaluate/evaluate-model.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../temporary-files.ts';

const folder = temporaryFolder();
const path = (name: string) => join(folder, name);

async function writeData(): Promise<void> {
  const images = [1, 2, 3].map((id) => ({ id, file_name: `${id}.jpg`, width: 80, height: 60 }));
  for (const { file_name } of images) await writePhoto(path(file_name));
  const annotations = images.map(({ id }) => ({
    ...{ id, image_id: id, category_id: 5, bbox: [10, 10, 30, 30], area: 900, iscrowd: 0 },
  }));
  const categories = [{ id: 5, name: '<b>cat</b>' }];
  await writeDeep(path('val.json'), JSON.stringify({ images, annotations, categories }));
  const found = (score: number) =>
    JSON.stringify(
      images.map(({ id }) => ({ image_id: id, category_id: 5, bbox: [10, 10, 30, 30], score: score / id })),
    );
  await writeDeep(path('found.json'), found(0.9));
  await writeDeep(path('nothing.json'), '[]');
}

test('val writes a page and summarizes it', async () => {
  await writeData();
  const report = await evaluateModel({
    ...{
      data: path('val.json'),
      results: path('found.json'),
      baseline: path('nothing.json'),
      report: path('why'),
    },
  });
  expect(report.analysis!.page).toBe(path('why/index.html'));
  expect(report.analysis!.bootstrap.metrics.AP).toEqual({ value: 1, low: 1, high: 1 });
  expect(report.analysis!.difference!.metrics.AP!.value).toBeCloseTo(1, 12);
  const page = readFileSync(path('why/index.html'), 'utf8');
  expect(page).toContain('&lt;b&gt;cat&lt;/b&gt;');
  expect(page).not.toContain('<b>cat</b>');
  expect(existsSync(path('why/precision-recall.png'))).toBe(true);
});

test('there is no analysis without a report', async () => {
  const report = await evaluateModel({ data: path('val.json'), results: path('found.json') });
  expect(report).not.toHaveProperty('analysis');
});

test('refuses a baseline without a report', async () => {
  const options = { data: path('val.json'), results: path('found.json'), baseline: path('nothing.json') };
  await expect(evaluateModel(options)).rejects.toThrow('needs a report to show the comparison in');
});

test("refuses a file in place of the report's folder", async () => {
  const options = { data: path('val.json'), results: path('found.json'), report: path('found.json') };
  await expect(evaluateModel(options)).rejects.toThrow('expected a folder to write to');
});

test('dataset check writes a page with near-duplicates across splits', async () => {
  await writeDeep(path('train.json'), readFileSync(path('val.json')));
  await checkDataset({ data: [path('train.json'), path('val.json')], report: path('look') });
  const page = readFileSync(path('look/index.html'), 'utf8');
  expect(page).toContain('look like one of an earlier split');
  expect(page).toContain('Smallest input that shows the objects');
  expect(page).not.toContain('<b>cat</b>');
});
