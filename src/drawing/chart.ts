import type { ChartConfiguration } from 'chart.js';
import { type Canvas, FONT, loadCanvas } from './canvas.ts';

export interface LineSeries {
  readonly name: string;
  /** `#rrggbb` */
  readonly color: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** In pixels. @default 2 */
  readonly pointRadius?: number;
  /** @default 'circle' */
  readonly point?: PointShape;
  /** Whether a line joins the points. @default true */
  readonly isJoined?: boolean;
}

/** Point shapes, to distinguish series of similar colors. */
export const POINT_SHAPES = ['circle', 'triangle', 'rectRot'] as const;
export type PointShape = (typeof POINT_SHAPES)[number];

export interface LineChart {
  readonly title: string;
  /** Titles with units. */
  readonly xTitle: string;
  readonly yTitle: string;
  readonly series: readonly LineSeries[];
  /** Whether the y axis is logarithmic. @default false */
  readonly logarithmic?: boolean;
}

/** Draws a chart with Chart.js on a white background. */
export async function renderChart(
  { options, ...configuration }: ChartConfiguration,
  width: number,
  height: number,
): Promise<Canvas> {
  const [{ Chart, registerables }, createCanvas] = await Promise.all([import('chart.js'), loadCanvas()]);
  Chart.register(...registerables);
  Chart.defaults.font.family = `"${FONT}"`;
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const white = {
    id: 'white',
    beforeDraw: () => {
      context.fillStyle = '#ffffff';
      context.fillRect(0, 0, width, height);
    },
  };
  // Chart.js accepts any canvas with a 2D context, but its types only allow the browser's.
  const target = canvas as unknown as ConstructorParameters<typeof Chart>[0];
  const drawn = new Chart(target, {
    ...configuration,
    options: { ...options, animation: false, responsive: false, layout: { padding: 16 } },
    plugins: [white],
  });
  // Chart.js keeps charts in memory until they are destroyed, and destroying one clears its canvas.
  const pixels = context.getImageData(0, 0, width, height);
  drawn.destroy();
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** Label at 1 and 3 times a power of ten, which are evenly spaced on a logarithmic axis: `0.03`. Others have neither label nor line. */
function logarithmicLabel(value: number | string): string | null {
  const isLabeled = /^[13]\.000/.test(Number(value).toExponential(3));
  return isLabeled ? String(Number(Number(value).toPrecision(1))) : null;
}

/** Draws a line chart with numeric axes on a white background. */
export function drawLineChart(chart: LineChart, width = 900, height = 560): Promise<Canvas> {
  return renderChart(
    {
      type: 'line',
      data: {
        datasets: chart.series.map(
          ({ name, color, points, pointRadius = 2, point = 'circle', isJoined = true }) => ({
            label: name,
            data: points.map(({ x, y }) => ({ x, y })),
            borderColor: color,
            backgroundColor: color,
            pointRadius,
            pointStyle: point,
            showLine: isJoined,
          }),
        ),
      },
      options: {
        plugins: {
          title: { display: true, text: chart.title, font: { size: 18 } },
          legend: { labels: { usePointStyle: true } },
        },
        scales: {
          x: { type: 'linear', title: { display: true, text: chart.xTitle } },
          y: {
            type: chart.logarithmic ? 'logarithmic' : 'linear',
            title: { display: true, text: chart.yTitle },
            ...(chart.logarithmic && { ticks: { callback: logarithmicLabel } }),
          },
        },
      },
    },
    width,
    height,
  );
}
