import { lineChart } from '../charts/line-chart.ts';
import { type Html, html } from '../page/html.ts';
import { countCell, percent, percentCell } from '../page/numbers.ts';
import { table } from '../page/table.ts';
import type { EvaluationSubject } from './subject.ts';

/** Section on calibration: whether scores equal the probability of a correct detection. */
export function calibrationSection({ analysis }: EvaluationSubject): Html {
  const { bins, expectedError, largestError } = analysis.calibration;
  const filled = bins.filter(({ count }) => count > 0);
  const unit = [0, 1] as const;
  return html`<p>The mean difference between score and precision is <strong>${percent(expectedError)}</strong> over all detections. The largest difference in a score range is ${percent(largestError)}.</p>
<div class="charts">${lineChart({
    title: 'Reliability',
    xTitle: 'mean score',
    yTitle: 'share that is correct',
    ...{ x: unit, y: unit },
    series: [
      {
        name: 'ideal',
        points: [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
        color: '#98a3ad',
        isDashed: true,
      },
      { name: 'detections', points: filled.map(({ score, precision }) => ({ x: score, y: precision })) },
    ],
    summary: 'Above the diagonal, scores are too low. Below it, they are too high.',
  })}
<div>${table({
    id: 'calibration-table',
    caption: 'Detections by score, at IoU 0.5',
    columns: [
      { title: 'score' },
      ...['detections', 'mean score', 'correct'].map((title) => ({ title, isNumber: true })),
    ],
    rows: filled.map(({ from, to, count, score, precision }) => [
      `${from.toFixed(1)}–${to.toFixed(1)}`,
      countCell(count),
      percentCell(score),
      percentCell(precision),
    ]),
  })}</div></div>`;
}
