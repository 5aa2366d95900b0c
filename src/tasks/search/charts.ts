import { join } from 'node:path';
import { type HalvingOptions, rankRung, type SearchLine } from '../../compression/search/halving.ts';
import { costOf, paretoFront } from '../../compression/search/objectives.ts';
import { drawBarChart } from '../../drawing/bar-chart.ts';
import { drawLineChart } from '../../drawing/chart.ts';
import { saveCanvas } from '../../drawing/save.ts';

const RED = '#d62728';
const BLUE = '#56b4e9';

/** Maximum number of bars in a chart, best candidates first. */
const MOST_BARS = 120;

/** Draws `trials.png` in the output folder: a bar for each candidate of the first rung, the best in red. */
export async function drawTrials(
  out: string,
  lines: readonly SearchLine[],
  options: HalvingOptions,
): Promise<void> {
  const ranked = rankRung(lines, 0, options);
  const [best] = ranked;
  if (!best) return;
  const shown = ranked.slice(0, MOST_BARS).sort((a, b) => a.candidate - b.candidate);
  const canvas = await drawBarChart({
    title: `${ranked.length} candidates, ${best.epochs} epochs each; the best in red`,
    xTitle: Object.keys(best.choices).join(', '),
    yTitle: 'AP, %',
    bars: shown.map((line) => ({
      label: Object.values(line.choices).join('-'),
      value: 100 * Math.max(0, line.AP),
      color: line === best ? RED : BLUE,
    })),
  });
  await saveCanvas(canvas, join(out, 'trials.png'));
}

/** Draws `pareto.png` in the output folder: AP against cost, with the Pareto front. */
export async function drawPareto(
  out: string,
  lines: readonly SearchLine[],
  objective: 'macs' | 'latency',
): Promise<void> {
  const scale = objective === 'macs' ? 1e-9 : 1;
  const point = (line: SearchLine) => ({ x: scale * costOf(objective, line), y: 100 * line.AP });
  const front = paretoFront(lines, objective).map((place) => lines[place]!);
  const canvas = await drawLineChart({
    title: 'AP against cost, with the Pareto front',
    xTitle: objective === 'macs' ? 'multiply-accumulates, G' : 'ms on this machine',
    yTitle: 'AP, %',
    series: [
      { name: 'Pareto front', color: RED, points: front.map(point), pointRadius: 6 },
      { name: 'trials', color: BLUE, points: lines.map(point), pointRadius: 4, isJoined: false },
    ],
  });
  await saveCanvas(canvas, join(out, 'pareto.png'));
}
