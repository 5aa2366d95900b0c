import { join } from 'node:path';
import { loadCanvas } from '../../drawing/canvas.ts';
import { drawLineChart, type LineSeries } from '../../drawing/chart.ts';
import { classColor } from '../../drawing/palette.ts';
import { saveCanvas } from '../../drawing/save.ts';
import { writeWholeFile } from '../../foundation/files/write.ts';
import type { EpochRow } from '../../training/run/run.ts';

const WIDTH = 900;
const HEIGHT = 420;

/** Formats the history of a run as CSV, one row per epoch. Missing values are empty. */
export function formatCurves(history: readonly EpochRow[]): string {
  const columns = [...new Set(history.flatMap(Object.keys))];
  const rows = history.map((row) => columns.map((name) => row[name] ?? '').join(','));
  return `${[columns.join(','), ...rows].join('\n')}\n`;
}

function series(history: readonly EpochRow[], names: readonly string[]): readonly LineSeries[] {
  return names.flatMap((name, index) => {
    const points = history.flatMap((row) => {
      const value = row[name];
      return value === undefined || value < 0 ? [] : [{ x: row['epoch']!, y: value }];
    });
    return points.length === 0 ? [] : [{ name, color: classColor(index + 4), points }];
  });
}

/**
 * Writes a run's curves into its folder: `results.csv`, and `results.png` with the losses above, and mAP or a
 * classifier's accuracy below.
 * @throws MicroYoloError `not-writable`, or if no canvas can be loaded
 */
export async function writeCurves(folder: string, history: readonly EpochRow[]): Promise<void> {
  await writeWholeFile(join(folder, 'results.csv'), formatCurves(history));
  const losses = ['loss', 'loss.box', 'loss.objectness', 'loss.classes', 'loss.distill', 'loss.hint'];
  const charts = [
    { title: 'Loss', yTitle: 'loss', series: series(history, losses), logarithmic: true },
    { title: 'Evaluation', yTitle: 'average precision', series: series(history, ['AP', 'AP50', 'AP75']) },
    { title: 'Accuracy', yTitle: 'share', series: series(history, ['accuracy', 'top1', 'top5']) },
  ].filter((chart) => chart.series.length > 0);
  const createCanvas = await loadCanvas();
  const sheet = createCanvas(WIDTH, HEIGHT * charts.length);
  for (const [index, chart] of charts.entries()) {
    const drawn = await drawLineChart({ ...chart, xTitle: 'epoch' }, WIDTH, HEIGHT);
    const pixels = drawn.getContext('2d').getImageData(0, 0, WIDTH, HEIGHT);
    sheet.getContext('2d').putImageData(pixels, 0, HEIGHT * index);
  }
  await saveCanvas(sheet, join(folder, 'results.png'));
}
