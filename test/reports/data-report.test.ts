import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { checkDataset } from '../../src/tasks/datasets/check/check-dataset.ts';
import { synthesizeDataset } from '../../src/tasks/datasets/synthesize-dataset.ts';
import { temporaryFolder } from '../temporary-files.ts';
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
