import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { lineChart, ticks } from '../../src/reports/charts/line-chart.ts';
import { paretoFront } from '../../src/reports/charts/scatter-chart.ts';
import { renderModelComparison } from '../../src/reports/comparison/models.ts';
import { escapeHtml, html } from '../../src/reports/page/html.ts';
import { renderRunComparison } from '../../src/reports/run/comparison.ts';
import { renderRunReport } from '../../src/reports/run/run-report.ts';
import type { RunSubject } from '../../src/reports/run/subject.ts';
import { describeInBrowser, seriousViolations } from './browser.ts';

const folder = mkdtempSync(join(tmpdir(), 'pages-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run: RunSubject = {
  name: 'shapes-001',
  state: 'running',
  rows: Array.from({ length: 5 }, (_, at) => ({
    ...{ epoch: at + 1, loss: 10 / (at + 1), learningRate: 0.001 * (5 - at), imagesPerSecond: 20 + at },
    ...(at % 2 === 0 ? { AP: 0.1 * at, AP50: 0.15 * at, AP75: 0.05 * at } : {}),
  })),
  deciding: 'AP',
  best: { epoch: 5, value: 0.4 },
  settings: [{ name: 'loss.<b>', value: '"x & y"', usual: '1' }],
  environment: [['cpu', 'one']],
  ...{ batches: [], samples: [], notes: ['a <note>'] },
};
const model = { accuracy: undefined, input: { width: 320, height: 320 }, parameters: 1e6 };
const models = [
  { ...model, name: 'small', AP: 0.2, milliseconds: 3, macs: 1e8, bytes: 1e6 },
  { ...model, name: 'large', AP: 0.3, milliseconds: 9, macs: 9e8, bytes: 9e6 },
  { ...model, name: 'beaten', AP: 0.1, milliseconds: 5, macs: 5e8, bytes: 5e6 },
  { ...model, name: 'unknown', AP: undefined, milliseconds: undefined, macs: 5e8, bytes: undefined },
];

test('escapes values in a template and keeps markup', () => {
  expect(html`<b>${'<i>'}</b>${[html`<u>`, 1]}${undefined}`.text).toBe('<b>&lt;i&gt;</b><u>1');
});

test('shows invisible and bidirectional control characters as missing ones', () => {
  expect(escapeHtml('a\u202eb\u0000')).toBe('a\ufffdb\ufffd');
});

test('the front has all points that no other beats in both cost and accuracy', () => {
  const points = [
    { x: 1, y: 1 },
    { x: 2, y: 3 },
    { x: 3, y: 2 },
    { x: 4, y: 4 },
  ];
  expect([...paretoFront(points)]).toEqual([points[0], points[1], points[3]]);
});

test('ticks are round and inside the range', () => {
  expect(ticks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks(1, 2, 1)).toEqual([1, 2]);
});

const oneEpoch = (y: number, isLogarithmic: boolean) =>
  lineChart({
    ...{ title: 'loss', xTitle: 'epoch', yTitle: 'loss', summary: '', isLogarithmic, isWholeX: true },
    series: [{ name: 'loss', points: [{ x: 1, y }] }],
  }).text;

test.for([true, false])(
  'draws a single epoch as a dot on an axis with numbers (logarithmic: %s)',
  (isLogarithmic) => {
    const text = oneEpoch(0.3, isLogarithmic);
    expect(text).toContain('<circle');
    expect(text).not.toContain('NaN');
  },
);

test('a constant figure has an axis in its order of magnitude', () => {
  const labels = [...oneEpoch(0.004, false).matchAll(/text-anchor="end">([^<]*)</g)].map(([, label]) =>
    Number(label),
  );
  expect(Math.min(...labels)).toBe(0);
  expect(Math.max(...labels)).toBe(0.008);
});

test('the page of a run reloads only while the run is active', () => {
  expect(renderRunReport(run)).toContain('http-equiv="refresh"');
  expect(renderRunReport({ ...run, state: 'finished' })).not.toContain('http-equiv="refresh"');
});

const PAGES = {
  run: renderRunReport({ ...run, state: 'finished' }),
  runs: renderRunComparison({
    runs: [run, { ...run, name: 'shapes-002' }],
    differences: [undefined, undefined],
  }),
  models: renderModelComparison(models),
};

describeInBrowser('pages of runs and models in a browser', (open) => {
  test.for(Object.entries(PAGES))(
    '%s: has no error and no serious violation, and is readable at 390 pixels',
    async ([name, text]) => {
      const path = join(folder, `${name}.html`);
      writeFileSync(path, text);
      const { page, problems } = await open(path, 390);
      expect(await seriousViolations(page)).toEqual([]);
      expect(problems).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    },
  );
});
