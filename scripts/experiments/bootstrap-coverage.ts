/**
 * How often a bootstrap's 95 % interval holds the figure that it is for: the share of many drawn data sets whose
 * interval holds the AP of the population, which is measured on a great number of its images.
 *
 *     npx tsx scripts/experiments/bootstrap-coverage.ts [sets=500] [images=200] [resamples=500]
 */

import { bootstrapMetrics } from '../../src/evaluation/bootstrap/bootstrap.ts';
import { prepareEvaluation } from '../../src/evaluation/bootstrap/prepare.ts';
import { evaluateCoco } from '../../src/evaluation/coco/coco-eval.ts';
import { cocoMetrics } from '../../src/evaluation/coco/coco-metrics.ts';
import { evaluationInput } from '../../src/evaluation/input.ts';
import { drawImages, type Population } from './simulated-detector.ts';

const POPULATIONS: Readonly<Record<string, Population>> = {
  usual: { classes: 3, objects: 6, found: 0.6, noise: 6 },
  poor: { classes: 3, objects: 6, found: 0.3, noise: 12 },
  good: { classes: 2, objects: 4, found: 0.85, noise: 2 },
};
const METRICS = ['AP', 'AP50', 'AP75', 'APsmall', 'AR100'] as const;
const MANY = 30_000;

const [sets = 500, images = 200, resamples = 500] = process.argv.slice(2).map(Number);
for (const [name, population] of Object.entries(POPULATIONS)) {
  const whole = drawImages(population, MANY, 1_000_003);
  const known = cocoMetrics(evaluateCoco(evaluationInput(whole.dataset, whole.detections)));
  const covered = new Map<string, number>(METRICS.map((metric) => [metric, 0]));
  const [below, above, bias] = [new Map(covered), new Map(covered), new Map(covered)];
  for (let set = 0; set < sets; set++) {
    const { dataset, detections } = drawImages(population, images, 17 + set);
    const { metrics } = bootstrapMetrics(prepareEvaluation(evaluationInput(dataset, detections)), {
      resamples,
      seed: set,
    });
    for (const metric of METRICS) {
      const { low, high, value } = metrics[metric]!;
      bias.set(metric, bias.get(metric)! + (value - known[metric]) / sets);
      const side = known[metric] < low ? above : known[metric] > high ? below : covered;
      side.set(metric, side.get(metric)! + 1 / sets);
    }
  }
  for (const metric of METRICS) {
    const percent = (shares: ReadonlyMap<string, number>) => (100 * shares.get(metric)!).toFixed(1);
    console.log(
      `${name} ${metric.padEnd(8)} known ${known[metric].toFixed(4)}: covered ${percent(covered)} %, ` +
        `interval too low ${percent(below)} %, too high ${percent(above)} %, bias ${bias.get(metric)!.toFixed(4)}`,
    );
  }
}
