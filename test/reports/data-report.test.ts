import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { checkDataset } from '../../src/tasks/datasets/check/check-dataset.ts';
import { synthesizeDataset } from '../../src/tasks/datasets/synthesize-dataset.ts';
import { temporaryFolder, writeDeep } from '../temporary-files.ts';
import { describeInBrowser, seriousViolations } from './browser.ts';

const folder = temporaryFolder();
const page = join(folder, 'report/index.html');

beforeAll(async () => {
  const data = join(folder, 'shapes');
  await synthesizeDataset({ out: data, train: 12, val: 4, size: 96 });
  await checkDataset({ data: [data], report: join(folder, 'report') });
});

test('shows the classes, sizes and images of both splits', async () => {
  const text = await readFile(page, 'utf8');
  for (const part of ['crescent', 'train', 'val', 'Smallest input', 'data:image/jpeg'])
    expect(text).toContain(part);
});

test('counts the objects of every class in all splits, without crowds, and does not suspect crowds', async () => {
  const image = { id: 1, file_name: 'a.jpg', width: 80, height: 60 };
  const box = { image_id: 1, bbox: [1, 2, 30, 40], area: 1200, iscrowd: 0 };
  const write = (name: string, categories: object[], annotations: object[]) =>
    writeDeep(join(folder, name), JSON.stringify({ images: [image], categories, annotations }));
  const cats = [1, 2].map((id) => ({ id, name: 'cat' }));
  const data = [
    await write('a/train.json', cats, [
      { ...box, id: 1, category_id: 1 },
      { ...box, id: 2, category_id: 2, bbox: [9, 9, 20, 20] },
      { ...box, id: 3, category_id: 2, iscrowd: 1 },
    ]),
    await write('b/val.json', [{ id: 1, name: 'newt' }], [{ ...box, id: 1, category_id: 1 }]),
  ];
  await checkDataset({ data, report: join(folder, 'counts') });
  const text = await readFile(join(folder, 'counts/index.html'), 'utf8');
  expect(text).toContain('<title>train.json, val.json');
  const table = text.slice(text.indexOf('id="classes-table"'));
  const cells = (name: string) =>
    [
      ...table
        .slice(table.indexOf(`>${name}<`))
        .split('</tr>')[0]!
        .matchAll(/>(\d+)</g),
    ].map((found) => found[1]);
  expect([cells('cat').slice(0, 2), cells('newt').slice(0, 2)]).toEqual([
    ['2', '0'],
    ['0', '1'],
  ]);
  const suspicious = text.slice(text.indexOf('id="suspicious"'), text.indexOf('id="duplicates"'));
  expect(suspicious).toContain('None found.');
});

describeInBrowser('the page of a data set in a browser', (open) => {
  test.for([390, 1180])('has no error and no serious violation at %i pixels', async (width) => {
    const { page: opened, problems } = await open(page, width);
    expect(await seriousViolations(opened)).toEqual([]);
    expect(problems).toEqual([]);
    expect(await opened.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const broken = '[...document.images].filter(({ naturalWidth }) => naturalWidth === 0).length';
    expect(await opened.evaluate(broken)).toBe(0);
  });
});
