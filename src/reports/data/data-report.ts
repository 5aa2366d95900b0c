import type { Dataset } from '../../datasets/dataset.ts';
import { columnChart } from '../charts/column-chart.ts';
import { lineChart } from '../charts/line-chart.ts';
import { type Html, html } from '../page/html.ts';
import { countCell, meterCell, percent, percentCell, whole } from '../page/numbers.ts';
import { renderPage } from '../page/page.ts';
import { table } from '../page/table.ts';
import { nearPairs, sampleSheets, suspiciousBoxes } from './pictures.ts';
import type { CountedRange, DataSubject } from './subject.ts';

const right = (title: string) => ({ title, isNumber: true });
const short = (value: number) => String(Number(value.toFixed(2)));
const rangeName = ({ from, to }: CountedRange) =>
  to === null ? `≥ ${short(from)}` : `${short(from)}–${short(to)}`;
const columns = (ranges: readonly CountedRange[]) =>
  ranges.map((own) => ({ name: rangeName(own), value: own.count }));

function overview({ splits, findings }: DataSubject): Html {
  return html`${table({
    id: 'splits',
    caption: 'Splits',
    columns: [{ title: 'split' }, ...['images', 'without objects', 'objects', 'crowds'].map(right)],
    rows: splits.map(({ name, images, background, annotations, crowds }) => [
      name,
      countCell(images),
      countCell(background),
      countCell(annotations - crowds),
      countCell(crowds),
    ]),
  })}
<h3>Problems</h3>
${
  findings.length === 0
    ? html`<p>None found.</p>`
    : table({
        id: 'problems',
        caption: 'Problems, errors first',
        columns: [{ title: 'problem' }, { title: 'severity' }, right('places'), { title: 'for example' }],
        rows: findings.map(({ severity, title, count, places }) => [
          title,
          severity,
          countCell(count),
          { shown: html`<span class="small">${places.slice(0, 3).join('; ')}</span>` },
        ]),
        filter: 'problems',
      })
}`;
}

function histograms({ splits }: DataSubject): Html {
  return html`${splits.map(
    ({ name, sides, aspects }) =>
      html`<h3>${name}</h3><div class="charts">${columnChart({ title: 'Size of objects', xTitle: 'square root of the area, pixels', columns: columns(sides) })}${columnChart({ title: 'Shape of boxes', xTitle: 'width over height', columns: columns(aspects) })}</div>`,
  )}`;
}

/** Number of objects by class name. Crowds do not count, and categories of one name count together. */
function countObjects({ categories, annotations }: Dataset): ReadonlyMap<string, number> {
  const counts = new Map(categories.map(({ name }) => [name, 0]));
  for (let row = 0; row < annotations.count; row++) {
    const { name } = categories[annotations.categories[row]!]!;
    if (annotations.crowd[row] === 0) counts.set(name, counts.get(name)! + 1);
  }
  return counts;
}

function classes({ splits }: DataSubject): Html {
  const objects = splits.map(({ dataset }) => countObjects(dataset));
  const names = new Set(objects.flatMap((counts) => [...counts.keys()]));
  const rows = [...names]
    .map((name) => ({ name, counts: objects.map((counts) => counts.get(name) ?? 0) }))
    .map((row) => ({ ...row, sum: row.counts.reduce((total, count) => total + count, 0) }))
    .toSorted((a, b) => b.sum - a.sum);
  const all = rows.reduce((total, { sum }) => total + sum, 0);
  const [most, least] = [rows[0]?.sum ?? 0, rows.filter(({ sum }) => sum > 0).at(-1)?.sum ?? 0];
  const unused = rows.filter(({ sum }) => sum === 0).length;
  return html`<p>The most frequent class has ${whole(most)} objects, the rarest ${whole(least)}${
    least > 0 && `: ${(most / least).toFixed(0)} times as many`
  }.${unused > 0 && ` ${unused} classes have none.`}</p>
${table({
  id: 'classes-table',
  caption: 'Objects by class and split',
  columns: [{ title: 'class' }, ...splits.map(({ name }) => right(name)), right('share')],
  rows: rows.map(({ name, counts, sum }) => [
    name,
    ...counts.map(countCell),
    meterCell(sum / Math.max(1, all)),
  ]),
  filter: 'classes',
})}`;
}

function sizes({ sizes: choices, recommended, anchors }: DataSubject): Html {
  return html`<p>Smallest input that shows the objects: <strong>${recommended} px</strong>. At this size, ${percent(choices.find(({ side }) => side === recommended)?.visible, 0)} of the objects are at least eight pixels wide and high, about one cell of the finest grid. A larger input finds more and takes longer.</p>
<div class="charts">${lineChart({
    title: 'Objects that are large enough',
    xTitle: 'input side, pixels',
    yTitle: 'share of the objects',
    y: [0, 1],
    series: [
      {
        name: 'at least eight pixels',
        points: choices.map(({ side, visible }) => ({ x: side, y: visible })),
      },
    ],
    summary: choices.map(({ side, visible }) => `${side} pixels: ${percent(visible, 0)}`).join(', '),
  })}</div>
${table({
  id: 'anchors-table',
  caption: 'Fit of anchors: an object is hard to learn if no anchor overlaps it by at least half',
  columns: [{ title: 'anchors' }, { title: 'sizes' }, right('mean IoU'), right('overlapped by half')],
  rows: anchors.map(({ name, anchors: own, input, recall, meanIou }) => [
    `${name}, at ${input.width} px`,
    own.map(([width, height]) => `${Math.round(width)}×${Math.round(height)}`).join(' '),
    percentCell(meanIou),
    meterCell(recall),
  ]),
})}`;
}

/** Renders a report on data: contents, problems, and recommended settings. */
export async function renderDataReport(subject: DataSubject): Promise<string> {
  const { name, splits } = subject;
  const isDetection = splits.some(({ dataset }) => (dataset.task ?? 'detection') === 'detection');
  const sum = (of: (split: DataSubject['splits'][number]) => number) =>
    splits.reduce((all, split) => all + of(split), 0);
  return renderPage({
    title: name,
    lead: 'The content of the data, and what to check before training.',
    facts: [
      ['splits', splits.map((split) => split.name).join(', ')],
      ['images', whole(sum(({ images }) => images))],
      ['objects', whole(sum(({ annotations, crowds }) => annotations - crowds))],
    ],
    sections: [
      { id: 'overview', title: 'Overview', body: overview(subject) },
      { id: 'classes', title: 'Class balance', body: classes(subject) },
      ...(isDetection
        ? [
            { id: 'histograms', title: 'Sizes and shapes', body: histograms(subject) },
            { id: 'input', title: 'Input size and anchors', body: sizes(subject) },
          ]
        : []),
      {
        id: 'samples',
        title: 'Samples',
        about: 'Evenly spaced images of each split.',
        body: await sampleSheets(subject),
      },
      {
        id: 'suspicious',
        title: 'Suspicious boxes',
        about: 'Boxes outside the image, tiny, very long, or covering the whole image.',
        body: await suspiciousBoxes(subject),
      },
      {
        id: 'duplicates',
        title: 'Near-duplicates',
        about: 'Images in different splits that look the same.',
        body: await nearPairs(subject),
      },
    ],
  });
}
