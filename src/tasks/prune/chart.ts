import { join } from 'node:path';
import type { PruneLine } from '../../compression/prune/lines.ts';
import { drawLineChart } from '../../drawing/chart.ts';
import { classColor } from '../../drawing/palette.ts';
import { saveCanvas } from '../../drawing/save.ts';

/** Chart of parameters, multiply-accumulates, milliseconds and AP50 along the way, in the output folder. */
export const CHART_FILE = 'progress.png';

const SERIES = { parameters: 'parameters', macs: 'MACs', ms: 'ms', AP50: 'AP50' } as const;

/** Whether a line is about a network that later lines continue or choose from. */
function isKept(line: PruneLine): boolean {
  return line.type === 'trial' ? line.accepted : line.type !== 'done';
}

/** Draws the remaining cost and AP50 after each kept step, round and final training, as shares of the original. */
export async function drawPruning(folder: string, lines: readonly PruneLine[]): Promise<void> {
  const kept = lines.filter(isKept);
  const [start] = kept;
  if (!start) return;
  const names = Object.keys(SERIES) as (keyof typeof SERIES)[];
  const canvas = await drawLineChart({
    title: 'What remains of the network',
    xTitle: 'kept step, then final trainings',
    yTitle: 'of the start, %',
    series: names.map((name, index) => ({
      name: SERIES[name],
      color: classColor(index),
      points: kept.map((line, x) => ({ x, y: (100 * line[name]) / Math.max(start[name], Number.MIN_VALUE) })),
    })),
  });
  await saveCanvas(canvas, join(folder, CHART_FILE));
}
