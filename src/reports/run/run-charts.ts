import { lineChart } from '../charts/line-chart.ts';
import type { Html } from '../page/html.ts';
import type { RunRow } from './subject.ts';

interface ChartedRun {
  readonly name: string;
  readonly rows: readonly RunRow[];
}

const CHARTS = [
  { title: 'Loss', names: ['loss'], isLogarithmic: true },
  {
    title: 'Parts of the loss',
    names: ['loss.box', 'loss.objectness', 'loss.classes', 'loss.distill', 'loss.hint'],
    isLogarithmic: true,
  },
  { title: 'Average precision', names: ['AP', 'AP50', 'AP75'], isLogarithmic: false },
  { title: 'Accuracy', names: ['accuracy', 'top1', 'top5'], isLogarithmic: false },
  { title: 'Learning rate', names: ['learningRate'], isLogarithmic: false },
  { title: 'Images per second', names: ['imagesPerSecond'], isLogarithmic: false },
] as const;

/** Colors of series, with a contrast of at least 4.5 to 1 on white. */
export const SERIES_COLORS = [
  '#1f6f9e',
  '#b04a06',
  '#17794a',
  '#8a3fa6',
  '#7a5c00',
  '#b3165a',
  '#00736b',
  '#55616d',
];

/** Charts by epoch: several metrics of one run, or one metric of several runs. */
export function runCharts(runs: readonly ChartedRun[]): readonly Html[] {
  const several = runs.length > 1;
  return CHARTS.flatMap(({ title, names, isLogarithmic }): readonly Html[] => {
    // For several runs, a chart shows only one metric. The loss parts would be too many lines.
    if (several && title === 'Parts of the loss') return [];
    const shown = several ? names.slice(0, 1) : names;
    const series = runs.flatMap(({ name: run, rows }, place) =>
      shown.flatMap((name, at) => {
        const points = rows.flatMap((row) => {
          const value = row[name];
          return value === undefined || !(value >= 0) ? [] : [{ x: row['epoch']!, y: value }];
        });
        const color = SERIES_COLORS[(several ? place : at) % SERIES_COLORS.length]!;
        return points.length === 0 ? [] : [{ name: several ? run : name, points, color }];
      }),
    );
    if (series.length === 0) return [];
    const last = series.map(({ name, points }) => `${name} ${points.at(-1)!.y.toPrecision(3)}`).join(', ');
    return [
      lineChart({
        title: several && names.length > 1 ? `${title}: ${shown[0]}` : title,
        xTitle: 'epoch',
        yTitle: title.toLowerCase(),
        series,
        isLogarithmic,
        isWholeX: true,
        summary: `At the end: ${last}.`,
      }),
    ];
  });
}
