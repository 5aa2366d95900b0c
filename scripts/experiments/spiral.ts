/**
 * What a ReLU loses, by the number of channels: MobileNetV2's figure 1 (https://arxiv.org/abs/1801.04381) in numbers.
 * A random matrix maps a spiral in the plane to n channels, ReLU cuts them off, and the matrix's
 * pseudo-inverse maps them back; the result is compared with the spiral. This is why an inverted bottleneck's narrow ends are
 * linear. `npx tsx scripts/experiments/spiral.ts [--save]`; --save writes results/spiral.json and
 * docs/images/spiral.png.
 */

import { saveCanvas } from '../../src/api/index.ts';
import { drawLineChart } from '../../src/drawing/chart.ts';
import { normalRandom, uniformRandom } from '../../src/foundation/random.ts';
import { median } from '../../src/foundation/timing/median.ts';
import { saveResults } from '../benchmarks/results.ts';

const POINTS = 500;
const SEEDS = 200;
const CHANNELS = [2, 3, 5, 10, 15, 30, 60];

/** Two turns outward from the middle, within the unit circle. */
const spiral = Array.from({ length: POINTS }, (_, index) => {
  const share = index / (POINTS - 1);
  const angle = 4 * Math.PI * share;
  return [share * Math.cos(angle), share * Math.sin(angle)] as const;
});

/** The points of the spiral after the way there and back. */
function throughRelu(channels: number, seed: number): readonly (readonly [number, number])[] {
  const normal = normalRandom(uniformRandom(seed));
  const rows = Array.from({ length: channels }, () => [normal(), normal()] as const);
  // (TᵀT)⁻¹ Tᵀ of the tall matrix T with two columns.
  const dot = (a: 0 | 1, b: 0 | 1) => rows.reduce((sum, row) => sum + row[a] * row[b], 0);
  const [xx, xy, yy] = [dot(0, 0), dot(0, 1), dot(1, 1)];
  const determinant = xx * yy - xy * xy;
  return spiral.map(([x, y]) => {
    let [toX, toY] = [0, 0];
    for (const [a, b] of rows) {
      const activated = Math.max(0, a * x + b * y);
      toX += a * activated;
      toY += b * activated;
    }
    return [(yy * toX - xy * toY) / determinant, (xx * toY - xy * toX) / determinant] as const;
  });
}

/**
 * Share of the spiral's variance that is lost, after the best scaling: a ReLU halves what many
 * channels hold, and a following layer would undo that.
 */
function lost(channels: number, seed: number): number {
  const back = throughRelu(channels, seed);
  const sum = (of: (index: number) => number) => back.reduce((total, _, index) => total + of(index), 0);
  const along = sum((i) => back[i]![0] * spiral[i]![0] + back[i]![1] * spiral[i]![1]);
  const length = sum((i) => back[i]![0] ** 2 + back[i]![1] ** 2);
  const scale = length > 0 ? along / length : 0;
  const off = sum(
    (i) => (scale * back[i]![0] - spiral[i]![0]) ** 2 + (scale * back[i]![1] - spiral[i]![1]) ** 2,
  );
  return off / sum((i) => spiral[i]![0] ** 2 + spiral[i]![1] ** 2);
}

const outcomes = CHANNELS.map((channels) => {
  const losses = Array.from({ length: SEEDS }, (_, seed) => lost(channels, seed + 1)).sort((a, b) => a - b);
  return { channels, median: median(losses), worstTenth: losses[Math.floor(0.9 * SEEDS)]! };
});
console.table(outcomes);
saveResults('spiral', { seeds: SEEDS, points: POINTS, outcomes });

if (process.argv.includes('--save')) {
  const line = (name: string, color: string, of: (outcome: (typeof outcomes)[number]) => number) => ({
    name,
    color,
    points: outcomes.map((outcome) => ({ x: outcome.channels, y: of(outcome) })),
  });
  const canvas = await drawLineChart({
    title: 'What a ReLU loses of a spiral in the plane',
    xTitle: 'channels',
    yTitle: 'share of the variance lost',
    series: [
      line('median of 200 random matrices', '#0072b2', ({ median }) => median),
      line('the worst tenth', '#d55e00', ({ worstTenth }) => worstTenth),
    ],
  });
  await saveCanvas(canvas, 'docs/images/spiral.png');
}
