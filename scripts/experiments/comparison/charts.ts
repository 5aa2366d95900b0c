import { existsSync, readFileSync } from 'node:fs';
import { saveCanvas } from '../../../src/api/index.ts';
import { drawLineChart } from '../../../src/drawing/chart.ts';
import { type Mean, MODELS, SIZE } from './outcome.ts';

/** The comparisons drawn, by the names of their results. */
const COLORS = {
  'comparison-cells': '#d55e00',
  'comparison-ten': '#0072b2',
  'comparison-photos': '#009e73',
} as const;

async function drawComparison(cost: 'macs' | 'parameters', xTitle: string, unit: number): Promise<void> {
  const series = Object.entries(COLORS).flatMap(([name, color]) => {
    const path = `results/${name}.json`;
    if (!existsSync(path)) return [];
    const { means } = JSON.parse(readFileSync(path, 'utf8')) as { readonly means: readonly Mean[] };
    const points = means.map((mean) => ({ x: mean[cost] / unit, y: mean.AP50 }));
    return [{ name: means[0]!.data, color, pointRadius: 6, points }];
  });
  const title = `${MODELS.join(' and ')} at ${SIZE} px`;
  const canvas = await drawLineChart({ title, xTitle, yTitle: 'AP50', series });
  await saveCanvas(canvas, `docs/images/comparison-${cost}.png`);
}

/** Draws a line from one model to the other for each data set compared. */
export async function drawComparisons(): Promise<void> {
  await drawComparison('macs', 'billions of multiply-accumulates', 1e9);
  await drawComparison('parameters', 'millions of parameters', 1e6);
}
