/**
 * The papers' classifiers on CIFAR-10, small: equal epochs, several seeds, accuracy against cost. MobileNetV2 as in its
 * paper; with a ReLU after the projection, and with the classic bottleneck, which its paper advises against; the
 * improved one (7×7 kernels, 3×3 shortcut); ShuffleNetV2. All at half or nearly half width and, for 32 px images, without
 * the first halving. `npx tsx scripts/experiments/cifar.ts [EPOCHS] [SEEDS] [--save]`. Existing runs
 * (runs/cifar-NETWORK-SEED, results/cifar.json) are reused, and interrupted ones resumed. --save
 * stores each outcome in results/cifar.json and draws docs/images/cifar.png.
 */
import { join } from 'node:path';
import { evaluateClassifier, saveCanvas } from '../../src/api/index.ts';
import { buildClassifier, networkCost } from '../../src/api/networks.ts';
import { drawLineChart } from '../../src/drawing/chart.ts';
import { classColor } from '../../src/drawing/palette.ts';
import { KeptOutcomes } from '../benchmarks/results.ts';
import { keptRun } from '../benchmarks/training/kept-run.ts';
import { numbers } from '../numbers.ts';

const [epochs, seeds] = numbers(10, 3);
const DATA = 'datasets/cifar10-mini.yaml';
const SIDE = 32;
const NETWORKS = {
  baseline: 'mobilenet-v2:width=0.5,outputStride=16',
  'relu-projection': 'mobilenet-v2:width=0.5,outputStride=16,projection=relu6',
  'classic-bottleneck': 'mobilenet-v2:width=0.5,outputStride=16,bottleneck=classic',
  improved: 'mobilenet-v2-improved:width=0.5,outputStride=16',
  shufflenet: 'shufflenet-v2:width=0.5,outputStride=16',
} as const;

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const outcomes = new KeptOutcomes<{ name: string; seed: number }, { top1: number }>('cifar', {
  epochs,
  models: NETWORKS,
});
for (let seed = 1; seed <= seeds; seed++) {
  for (const [name, model] of Object.entries(NETWORKS)) {
    await outcomes.of({ name, seed }, async () => {
      const settings = {
        ...{ data: DATA, model, seed, epochs, size: SIDE, batch: 64, evaluateEvery: epochs },
        augmentation: { scale: [0.8, 1.25] as [number, number], saturation: 0.3, value: 0.3 },
      };
      const folder = await keptRun(`cifar-${name}-${seed}`, settings, stop.signal);
      const { top1 } = await evaluateClassifier({ data: DATA, model: join(folder, 'last.safetensors') });
      return { top1 };
    });
  }
}

const networks = Object.entries(NETWORKS).map(([name, model]) => {
  const { parameters, macs } = networkCost(buildClassifier(model, { classes: 10, size: SIDE }));
  const accuracies = outcomes.runs.filter((outcome) => outcome.name === name).map(({ top1 }) => top1);
  const mean = accuracies.reduce((sum, top1) => sum + top1, 0) / accuracies.length;
  const spread = Math.max(...accuracies) - Math.min(...accuracies);
  return {
    name,
    model,
    parameters: parameters.trainable,
    macs,
    seeds: accuracies.length,
    top1: mean,
    spread,
  };
});
console.table(networks);
outcomes.save({ networks });

if (process.argv.includes('--save')) {
  const canvas = await drawLineChart({
    title: `CIFAR-10, a fifth of its images, ${epochs} epochs`,
    xTitle: 'millions of multiply-accumulates',
    yTitle: 'top-1',
    series: networks.map(({ name, macs, top1 }, index) => ({
      ...{ name, color: classColor(index), pointRadius: 6 },
      points: [{ x: macs / 1e6, y: top1 }],
    })),
  });
  await saveCanvas(canvas, 'docs/images/cifar.png');
}
