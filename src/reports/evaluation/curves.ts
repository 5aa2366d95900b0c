import type { Operation, ScoreCurves } from '../../evaluation/analysis/score-curves.ts';
import { lineChart, type Series } from '../charts/line-chart.ts';
import { type Html, html } from '../page/html.ts';
import { percent } from '../page/numbers.ts';
import { categoryNames, type EvaluationSubject } from './subject.ts';

type Points = Series['points'];

const byScore =
  (pick: (at: Operation) => number) =>
  (curves: ScoreCurves): Points =>
    curves.byScore.map((at) => ({ x: at.score, y: pick(at) }));

/** Mean precision over the classes at each recall. The area under the curve is AP50. */
function meanByRecall(classes: readonly ScoreCurves[]): Points {
  return Array.from({ length: 101 }, (_, level) => {
    const sum = classes.reduce((all, { precisionByRecall }) => all + precisionByRecall[level]!, 0);
    return { x: level / 100, y: sum / Math.max(1, classes.length) };
  });
}

export interface CurveChart {
  /** Name of the PNG file beside the page. */
  readonly file: string;
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly all: Points;
  readonly ofClass: (curves: ScoreCurves) => Points;
  readonly summary: string;
}

/** The curves of a report, drawn as SVG in the page and as PNG files beside it. */
export function curveCharts({ analysis }: EvaluationSubject): readonly CurveChart[] {
  const { all, classes } = analysis.curves;
  const best = all.best;
  const at = best ? `${percent(best.f1)} at score ${best.score.toFixed(2)}` : 'no detections';
  const half = (pick: (operation: Operation) => number) => percent(pick(all.byScore[50]!));
  const [f1, precision, recall] = [
    byScore((operation) => operation.f1),
    byScore((operation) => operation.precision),
    byScore((operation) => operation.recall),
  ];
  return [
    {
      file: 'precision-recall.png',
      title: 'Precision and recall at IoU 0.5',
      xTitle: 'recall',
      yTitle: 'precision',
      all: meanByRecall(classes),
      ofClass: ({ precisionByRecall }) => precisionByRecall.map((y, level) => ({ x: level / 100, y })),
      summary: 'Mean over the classes. The area under the curve is AP50.',
    },
    {
      ...{ file: 'f1.png', title: 'F1 by score', xTitle: 'score threshold', yTitle: 'F1' },
      all: f1(all),
      ofClass: f1,
      summary: `All classes together: highest ${at}.`,
    },
    {
      ...{
        file: 'precision.png',
        title: 'Precision by score',
        xTitle: 'score threshold',
        yTitle: 'precision',
      },
      all: precision(all),
      ofClass: precision,
      summary: `All classes together: ${half((operation) => operation.precision)} at score 0.5.`,
    },
    {
      ...{
        file: 'recall.png',
        title: 'Recall by score',
        xTitle: 'score threshold',
        yTitle: 'recall',
      },
      all: recall(all),
      ofClass: recall,
      summary: `All classes together: ${half((operation) => operation.recall)} at score 0.5.`,
    },
  ];
}

/** Curves of the classes, and the name of the curve that joins them. A single class is drawn once, as that curve. */
export function namedCurves(subject: EvaluationSubject) {
  const names = new Map(subject.input.categoryIds.map((id, k) => [id, categoryNames(subject)[k]!]));
  const named = subject.analysis.curves.classes.map((curves) => ({
    curves,
    name: names.get(curves.categoryId!)!,
  }));
  return named.length === 1
    ? { joined: named[0]!.name, classes: [] }
    : { joined: 'all classes', classes: named };
}

/** Section with the curves of all classes. Single classes are pale until selected. */
export function curveSection(subject: EvaluationSubject): Html {
  const { best } = subject.analysis.curves.all;
  const { joined, classes } = namedCurves(subject);
  const choices = classes.toSorted((a, b) => a.name.localeCompare(b.name));
  const charts = curveCharts(subject).map((chart) => {
    const minor = classes.map(
      ({ name, curves }): Series => ({
        name,
        points: chart.ofClass(curves),
        isMinor: true,
        key: String(curves.categoryId),
      }),
    );
    const unit = [0, 1] as const;
    return lineChart({
      ...chart,
      x: unit,
      y: unit,
      series: [...minor, { name: joined, points: chart.all }],
    });
  });
  return html`${
    best &&
    html`<p>F1 is highest at a score of <strong>${best.score.toFixed(3)}</strong>: precision ${percent(best.precision)}, recall ${percent(best.recall)}. Use it as a first value for <code>detect --score-threshold</code>.</p>`
  }
${
  choices.length > 0 &&
  html`<div class="tools"><label for="curve-class">Highlight a class</label> <select id="curve-class" data-series="true"><option value="">none</option>${choices.map(
    ({ curves, name }) => html`<option value="${curves.categoryId!}">${name}</option>`,
  )}</select></div>`
}
<div class="charts">${charts}</div>`;
}
