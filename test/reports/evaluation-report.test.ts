import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AnnotationRow, annotationTable, type Dataset } from '../../src/datasets/dataset.ts';
import { analyzeDetections } from '../../src/evaluation/analysis/analyze.ts';
import { DetectionList } from '../../src/evaluation/detection-list.ts';
import { evaluationInput } from '../../src/evaluation/input.ts';
import { evaluateDetections } from '../../src/evaluation/report.ts';
import { writePicture } from '../../src/image/encode.ts';
import { writeEvaluationReport } from '../../src/reports/evaluation/write-report.ts';
import { describeInBrowser, seriousViolations } from './browser.ts';

const EVIL = '<img src=x onerror="alert(1)">&\'</script>';
const folder = mkdtempSync(join(tmpdir(), 'report-'));
const page = join(folder, 'report', 'index.html');
const IMAGES = 8;

/** Squares on gray, with three classes, one of which has a hostile name; detections with every kind of error. */
async function makeReport(): Promise<void> {
  const rows: AnnotationRow[] = [];
  const detections = new DetectionList();
  const images: Dataset['images'][number][] = [];
  for (let id = 0; id < IMAGES; id++) {
    const fileName = id === 0 ? 'a&b "quoted" \'x\'.png' : `image-${id}.png`;
    images.push({ id, fileName, width: 160, height: 120 });
    const data = new Uint8Array(3 * 160 * 120).fill(150 + id);
    await writePicture(join(folder, fileName), { data, width: 160, height: 120 });
    const add = (category: number, box: readonly [number, number, number, number]) => {
      rows.push({ id: rows.length + 1, image: id, category, box, area: box[2] * box[3], crowd: false });
      return box;
    };
    const found = add(id % 3, [5, 5, 40, 40]);
    detections.add(id, (id % 3) + 1, found, 0.9);
    detections.add(id, (id % 3) + 1, [6, 6, 40, 40], 0.6);
    detections.add(id, ((id + 1) % 3) + 1, add(id % 3, [60, 5, 40, 40]), 0.8);
    add(id % 3, [110, 60, 40, 50]);
    detections.add(id, 1, [60, 80, 20, 20], 0.85);
    detections.add(id, (id % 3) + 1, [20, 55, 40, 40], 0.7);
    add(id % 3, [5, 70, 40, 40]);
  }
  const categories = ['cat', EVIL, 'dog'].map((name, place) => ({ id: place + 1, name }));
  const dataset: Dataset = {
    images,
    categories,
    annotations: annotationTable(rows),
    imageFolder: folder,
    extra: {},
  };
  const input = evaluationInput(dataset, detections);
  await writeEvaluationReport(
    {
      ...{ model: EVIL, data: 'data.json', dataset, input },
      report: evaluateDetections(dataset, detections),
      analysis: analyzeDetections(input, { resamples: 50 }),
    },
    join(folder, 'report'),
  );
}

beforeAll(makeReport, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('the curves are next to the page as PNGs', () => {
  const files = readdirSync(join(folder, 'report')).sort();
  expect(files).toEqual(['f1.png', 'index.html', 'precision-recall.png', 'precision.png', 'recall.png']);
  for (const file of files) expect(statSync(join(folder, 'report', file)).size).toBeGreaterThan(1000);
});

test('the summary says what costs most, and links to sections of the page', () => {
  const text = readFileSync(page, 'utf8');
  const answer = /<ul class="answer">([\s\S]*?)<\/ul>/.exec(text)![1]!;
  // In each image, one of four objects is detected as another class.
  expect(answer).toContain('<strong>Classification errors</strong> cost most');
  const links = [...answer.matchAll(/href="#(\w+)"/g)].map(([, id]) => id);
  expect(links.length).toBeGreaterThan(3);
  for (const id of links) expect(text).toContain(`<section id="${id}"`);
});

test('escapes names from data', () => {
  const text = readFileSync(page, 'utf8');
  expect(text).not.toContain('<img src=x');
  expect(text).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;&lt;/script&gt;');
});

test('the page refers to nothing external', () => {
  const text = readFileSync(page, 'utf8');
  expect(text.match(/\b(?:src|href)="(?!#|data:)[^"]*"/g) ?? []).toEqual([]);
  expect(text).toContain('default-src &#39;none&#39;');
});

describeInBrowser('the report of an evaluation in a browser', (open) => {
  test('opens from a file without an error, a request or a dialog', async () => {
    const { page: opened, problems } = await open(page);
    expect(problems).toEqual([]);
    expect(await opened.locator('h1').textContent()).toContain('data.json');
  });

  test('shows its images, an image and its detections side by side', async () => {
    const { page: opened } = await open(page);
    const sizes = await opened.evaluate<number[]>(
      "[...document.querySelectorAll('#examples-list svg')].map((svg) => svg.querySelector('image,use').getBBox().width)",
    );
    expect(sizes.length).toBe(2 * IMAGES);
    for (const width of sizes) expect(width).toBeGreaterThan(100);
  });

  test('tables sort by a heading, and back again', async () => {
    const { page: opened } = await open(page);
    const names = () => opened.locator('#classes-table tbody tr > :first-child').allTextContents();
    const button = opened.locator('#classes-table thead button').first();
    await button.click();
    const ascending = await names();
    expect(ascending).toEqual([...ascending].sort((a, b) => a.localeCompare(b)));
    await button.press('Enter');
    expect(await names()).toEqual([...ascending].reverse());
    expect(await opened.locator('#classes-table thead th').first().getAttribute('aria-sort')).toBe(
      'descending',
    );
  });

  test('tables filter by text, and images by the kind of error', async () => {
    const { page: opened } = await open(page);
    await opened.locator('#classes-table-filter').fill('do');
    expect(await opened.locator('#classes-table tbody tr:visible').count()).toBe(1);
    const all = await opened.locator('#examples-list figure:visible').count();
    await opened.locator('#example-kind').selectOption('missed');
    const some = await opened.locator('#examples-list figure:visible').count();
    expect(some).toBeLessThanOrEqual(all);
    expect(await opened.locator('#example-kind-count').textContent()).toBe(`${some} of ${all} shown`);
  });

  test('highlights a selected class in every chart', async () => {
    const { page: opened } = await open(page);
    await opened.locator('#curve-class').selectOption('3');
    expect(await opened.locator('.series.chosen').count()).toBe(4);
  });

  test('does not scroll sideways at 390 pixels', async () => {
    const { page: opened } = await open(page, 390);
    expect(await opened.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });

  test('prints without navigation and filters', async () => {
    const { page: opened } = await open(page);
    await opened.emulateMedia({ media: 'print' });
    expect(await opened.locator('nav').isVisible()).toBe(false);
    expect(await opened.locator('.tools').first().isVisible()).toBe(false);
    expect(await opened.locator('#summary').isVisible()).toBe(true);
  });

  test('axe-core finds no serious violation', async () => {
    const { page: opened } = await open(page);
    expect(await seriousViolations(opened)).toEqual([]);
  });
});
