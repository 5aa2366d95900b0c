import type { CocoMetrics } from '../../evaluation/coco/coco-metrics.ts';
import { type Html, html } from '../page/html.ts';
import { percent, percentCell, points, range } from '../page/numbers.ts';
import { type Cell, table } from '../page/table.ts';
import { answer } from './answer.ts';
import type { EvaluationSubject } from './subject.ts';

/** COCO's metrics with descriptions. */
const METRICS: readonly (readonly [keyof CocoMetrics, string])[] = [
  ['AP', 'mean over IoU 0.50 to 0.95, the main figure'],
  ['AP50', 'at IoU 0.50: loose boxes count'],
  ['AP75', 'at IoU 0.75: only tight boxes count'],
  ['APsmall', 'objects under 32² pixels'],
  ['APmedium', '32² to 96² pixels'],
  ['APlarge', 'over 96² pixels'],
  ['AR1', 'recall with one detection per image and class'],
  ['AR10', 'recall with ten'],
  ['AR100', 'recall with a hundred'],
  ['ARsmall', 'recall of objects under 32² pixels'],
  ['ARmedium', 'recall, 32² to 96² pixels'],
  ['ARlarge', 'recall, over 96² pixels'],
];
const CARDS: readonly (keyof CocoMetrics)[] = [
  'AP',
  'AP50',
  'AP75',
  'APsmall',
  'APmedium',
  'APlarge',
  'AR100',
];

function differenceCells(subject: EvaluationSubject, name: keyof CocoMetrics): readonly Cell[] {
  const difference = subject.baseline?.difference.metrics[name];
  if (subject.baseline === undefined) return [];
  if (difference === undefined)
    return [
      { shown: '–', value: 0 },
      { shown: '–', value: 0 },
    ];
  const { value, low, high } = difference;
  const kind = low > 0 ? 'better' : high < 0 ? 'worse' : '';
  return [
    { shown: html`<span class="${kind}">${points(value)}</span>`, value },
    { shown: `${points(low)} to ${points(high)}`, value: low },
  ];
}

function verdict({ baseline }: EvaluationSubject): Html | undefined {
  if (baseline === undefined) return undefined;
  const { AP } = baseline.difference.metrics;
  const share = baseline.difference.secondIsBetter;
  if (AP === undefined) return undefined;
  const sure = AP.low > 0 ? 'clearly better' : AP.high < 0 ? 'clearly worse' : 'no clear difference';
  return html`<p>Compared with ${baseline.name}, AP changes by <strong>${points(AP.value)} points</strong> (95 % interval ${points(AP.low)} to ${points(AP.high)}): <strong>${sure}</strong>. It is higher in ${percent(share, 0)} of the resamples.</p>`;
}

/** Section with the main metrics and their intervals, notes, and the difference from another model. */
export function summary(subject: EvaluationSubject): Html {
  const { report, analysis, baseline } = subject;
  const intervals = analysis.bootstrap.metrics;
  const columns = [
    { title: 'figure' },
    { title: 'value', isNumber: true },
    { title: '95 % interval', isNumber: true },
    ...(baseline
      ? [
          { title: 'difference', isNumber: true },
          { title: 'its interval', isNumber: true },
        ]
      : []),
    { title: 'what it measures' },
  ];
  const rows = METRICS.map(([name, about]): readonly (Cell | string)[] => [
    name,
    percentCell(report.metrics[name]),
    { shown: range(intervals[name]), value: intervals[name]?.low ?? -1 },
    ...differenceCells(subject, name),
    about,
  ]);
  return html`${report.notes.length > 0 && html`<ul class="notes">${report.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
<ul class="cards">${CARDS.map(
    (name) =>
      html`<li><div class="name">${name}</div><div class="value">${percent(report.metrics[name])}</div><div class="range">${range(intervals[name])}</div></li>`,
  )}</ul>
${verdict(subject)}
${answer(subject)}
${table({ id: 'figures', caption: `COCO's twelve figures, with intervals of ${analysis.bootstrap.resamples} resamples of the images`, columns, rows })}`;
}
