import { join } from 'node:path';
import { drawLineChart } from '../../drawing/chart.ts';
import { classColor } from '../../drawing/palette.ts';
import { saveCanvas } from '../../drawing/save.ts';
import { makeFolder } from '../../foundation/files/folders.ts';
import { writeWholeFile } from '../../foundation/files/write.ts';
import type { Throughput } from './throughput.ts';

/** Writes the report as `benchmark.json`, and a chart of images per second as `throughput.png`. */
export async function saveBenchmark(
  folder: string,
  report: { readonly model: string; readonly throughput?: readonly Throughput[] },
): Promise<void> {
  await makeFolder(folder);
  await writeWholeFile(join(folder, 'benchmark.json'), `${JSON.stringify(report, null, 2)}\n`);
  const { model, throughput } = report;
  if (!throughput) return;
  const batches = [...new Set(throughput.map(({ batch }) => batch))];
  const series = batches.map((size, index) => ({
    name: `batch ${size}`,
    color: classColor(index),
    pointRadius: 4,
    points: throughput
      .filter(({ batch }) => batch === size)
      .map(({ threads, imagesPerSecond }) => ({ x: threads, y: imagesPerSecond })),
  }));
  const chart = { title: `${model}: from file to boxes`, xTitle: 'threads', yTitle: 'images/s', series };
  await saveCanvas(await drawLineChart(chart), join(folder, 'throughput.png'));
}
