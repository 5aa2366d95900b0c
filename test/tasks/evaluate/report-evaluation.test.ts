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

test.each([
  ['unstated', {}],
  ['of another shape', { width: 300, height: 60 }],
])('pictures fit boxes if the sizes of the images are %s', async (name, size) => {
  const data = JSON.parse(readFileSync(path('val.json'), 'utf8')) as { images: object[] };
  const images = data.images.map((image) => ({ ...image, width: undefined, height: undefined, ...size }));
  await writeDeep(path('sizes.json'), JSON.stringify({ ...data, images }));
  const report = path(`sizes ${name}`);
  await evaluateModel({ data: path('sizes.json'), results: path('nothing.json'), report });
  const page = readFileSync(join(report, 'index.html'), 'utf8');
  const pictures = page.split('<image').slice(1);
  expect(pictures.length).toBeGreaterThan(0);
  expect(page).not.toMatch(/="[^"]*(NaN|Infinity)/);
  for (const picture of pictures) expect(picture).toMatch(/width="\d+" height="\d+"/);
});

test('there is no analysis without a report', async () => {
  const report = await evaluateModel({ data: path('val.json'), results: path('found.json') });
  expect(report).not.toHaveProperty('analysis');
});

test('refuses a baseline without a report', async () => {
  const options = { data: path('val.json'), results: path('found.json'), baseline: path('nothing.json') };
  await expect(evaluateModel(options)).rejects.toThrow('needs a report to show the comparison in');
});

test('a baseline with detections that cannot count is explained', async () => {
  const other = { image_id: 1, category_id: 99, bbox: [1, 1, 9, 9], score: 0.5 };
  const found = JSON.parse(readFileSync(path('found.json'), 'utf8')) as object[];
  await writeDeep(path('partly.json'), JSON.stringify([...found, other]));
  const options = { data: path('val.json'), results: path('found.json'), report: path('explained') };
  const { notes } = await evaluateModel({ ...options, baseline: path('partly.json') });
  const note = notes.find((line) => line.startsWith(`baseline ${path('partly.json')}: `));
  expect(note).toContain('99');
  expect(readFileSync(path('explained/index.html'), 'utf8')).toContain('partly.json: ');
  await writeDeep(path('foreign.json'), JSON.stringify([other]));
  await expect(evaluateModel({ ...options, baseline: path('foreign.json') })).rejects.toThrow(
    'none of its 1 detections can count',
  );
});

test('a missing baseline is found before detection', async () => {
  const options = { data: path('val.json'), model: path('gone.onnx'), report: path('why') };
  await expect(evaluateModel({ ...options, baseline: path('gone.json') })).rejects.toThrow('gone.json');
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
