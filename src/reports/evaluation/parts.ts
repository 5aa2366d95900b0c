import type { Part } from '../../evaluation/analysis/breakdowns.ts';
import { type Html, html } from '../page/html.ts';
import { countCell, meterCell, percentCell, range, whole } from '../page/numbers.ts';
import { table } from '../page/table.ts';
import type { EvaluationSubject } from './subject.ts';

const right = (title: string) => ({ title, isNumber: true });

function partTable(id: string, caption: string, first: string, parts: readonly Part[]): Html {
  const withImages = parts.some(({ images }) => images !== undefined);
  return table({
    id,
    caption,
    columns: [
      { title: first },
      ...(withImages ? [right('images')] : []),
      right('objects'),
      right('AP'),
      right('AP50'),
    ],
    rows: parts.map(({ name, about, images, truths, AP, AP50 }) => [
      { shown: withImages ? name : html`${name} <span class="small">${about}</span>` },
      ...(withImages ? [countCell(images ?? 0)] : []),
      countCell(truths),
      meterCell(AP),
      percentCell(AP50),
    ]),
  });
}

/** Tables of AP by size, shape and crowding, and of recall by overlap. */
export function partTables({ report, analysis }: EvaluationSubject): Html {
  const { metrics } = report;
  const intervals = analysis.bootstrap.metrics;
  const sizes = [
    ['small', 'under 32² pixels', metrics.APsmall, intervals.APsmall, metrics.ARsmall],
    ['medium', '32² to 96² pixels', metrics.APmedium, intervals.APmedium, metrics.ARmedium],
    ['large', 'over 96² pixels', metrics.APlarge, intervals.APlarge, metrics.ARlarge],
  ] as const;
  return html`<h3>Size of the object</h3>
${table({
  id: 'sizes',
  caption: 'AP and recall by the area of the object, in pixels of the image',
  columns: [{ title: 'size' }, right('AP'), right('95 % interval'), right('AR100')],
  rows: sizes.map(([name, about, AP, interval, AR]) => [
    { shown: html`${name} <span class="small">${about}</span>` },
    meterCell(AP),
    { shown: range(interval), value: interval?.low ?? -1 },
    percentCell(AR),
  ]),
})}
<h3>Shape of the box</h3>
${partTable('shapes', 'AP by width over height of the box', 'shape', analysis.aspects)}
<h3>Crowding</h3>
${partTable('crowding-table', 'AP of images by how many objects they show', 'objects per image', analysis.crowding)}
<h3>Overlap</h3>
${table({
  id: 'overlaps',
  caption:
    'Recall at IoU 0.5 by the highest IoU with another object: suppression removes neighbors that overlap',
  columns: [{ title: 'object' }, right('objects'), right('recall')],
  rows: analysis.overlaps.map(({ name, truths, recall }) => [
    name,
    { shown: whole(truths), value: truths },
    meterCell(recall),
  ]),
})}`;
}
