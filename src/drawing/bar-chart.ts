import type { Canvas } from './canvas.ts';
import { renderChart } from './chart.ts';

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** `#rrggbb` */
  readonly color: string;
}

export interface BarChart {
  readonly title: string;
  readonly xTitle: string;
  /** With unit. */
  readonly yTitle: string;
  readonly bars: readonly Bar[];
}

/** Draws a bar chart on a white background. */
export function drawBarChart({ title, xTitle, yTitle, bars }: BarChart, height = 560): Promise<Canvas> {
  return renderChart(
    {
      type: 'bar',
      data: {
        labels: bars.map(({ label }) => label),
        datasets: [{ data: bars.map(({ value }) => value), backgroundColor: bars.map(({ color }) => color) }],
      },
      options: {
        plugins: {
          title: { display: true, text: title, font: { size: 18 } },
          legend: { display: false },
        },
        scales: {
          x: { title: { display: true, text: xTitle }, ticks: { autoSkip: false, maxRotation: 90 } },
          y: { beginAtZero: true, title: { display: true, text: yTitle } },
        },
      },
    },
    Math.min(4000, Math.max(900, 24 * bars.length + 120)),
    height,
  );
}
