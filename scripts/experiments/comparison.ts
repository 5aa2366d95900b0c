/**
 * The comparison that Micro-YOLO's paper makes: micro-yolo beside yolov3-tiny, by one recipe and as many epochs, until
 * neither rises any more. On blood cells (several seeds, measured on the test split) and on the ten most frequent
 * classes of coco-mini (one seed, on its validation images).
 * `npx tsx scripts/experiments/comparison.ts [SEEDS] [--save]`; runs that are there already (runs/comparison-*,
 * results/comparison.json) are not made again, one that was interrupted goes on. --save keeps each outcome in
 * results/comparison.json, and draws docs/images/comparison-macs.png and comparison-parameters.png.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { drawLineChart } from '../../src/drawing/chart.ts';
import {
  buildDetector,
  evaluateModel,
  loadDataset,
  networkCost,
  readCheckpoint,
  saveCanvas,
  subsetDatasetFiles,
} from '../../src/index.ts';
import { KeptOutcomes } from '../benchmarks/results.ts';
import { keptRun } from '../benchmarks/training/kept-run.ts';
import { dataPath } from '../data-folder.ts';
import { numbers } from '../numbers.ts';

const [seeds] = numbers(3);
const MODELS = ['micro-yolo', 'yolov3-tiny'] as const;
const SIZE = 320;
const FREQUENT = 'runs/coco-mini-ten';
const FREQUENT_CLASSES = 10;

/** The most frequent classes of coco-mini's training images, as a data set of its own. */
async function frequentClasses(): Promise<string> {
  if (existsSync(FREQUENT)) return FREQUENT;
  const { categories, annotations } = await loadDataset(dataPath('coco-mini/train.json'));
  const counts = new Uint32Array(categories.length);
  for (const category of annotations.categories) counts[category]!++;
  const classes = categories
    .map(({ name }, index) => ({ name, count: counts[index]! }))
    .sort((a, b) => b.count - a.count)
    .slice(0, FREQUENT_CLASSES)
    .map(({ name }) => name);
  await subsetDatasetFiles({
    input: 'datasets/coco-mini.yaml',
    to: 'coco',
    out: FREQUENT,
    subset: { classes },
  });
  return FREQUENT;
}

const EXPERIMENTS = [
  {
    name: 'blood cells',
    color: '#d55e00',
    classes: 3,
    folder: 'cells',
    data: dataPath('bccd'),
    split: 'test',
    seeds,
    settings: { epochs: 120, evaluateEvery: 10, augmentation: { flipVertical: 0.5 } },
  },
  {
    name: 'ten classes of coco-mini',
    color: '#0072b2',
    classes: FREQUENT_CLASSES,
    folder: 'ten',
    data: await frequentClasses(),
    split: 'val',
    seeds: 1,
    settings: {
      ...{ epochs: 100, evaluateEvery: 10, augmentation: { mosaic: 0.25 } },
      multiScale: { sizes: [192, 224, 256], every: 500 },
    },
  },
];

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const outcomes = new KeptOutcomes<
  { data: string; model: string; seed: number },
  { AP50: number; AP: number; lateRise: number }
>('comparison', { size: SIZE, settings: EXPERIMENTS.map(({ settings }) => settings) });
for (const { name, folder, data, split, settings, ...experiment } of EXPERIMENTS) {
  for (let seed = 1; seed <= experiment.seeds; seed++) {
    for (const model of MODELS) {
      await outcomes.of({ data: name, model, seed }, async () => {
        const run = await keptRun(
          `comparison-${folder}-${model}-${seed}`,
          { data, model, seed, size: SIZE, ...settings },
          stop.signal,
        );
        const { metrics } = await evaluateModel({ data, split, model: join(run, 'best.safetensors') });
        // What the last fifth of the run still gained on the validation images: near 0 where it has learnt all.
        const rows = (await readCheckpoint(run)).run.history.filter(({ AP50 }) => AP50 !== undefined);
        const best = (part: typeof rows) => Math.max(...part.map(({ AP50 }) => AP50!));
        const lateRise = best(rows) - best(rows.slice(0, Math.ceil(0.8 * rows.length)));
        return { AP50: metrics.AP50, AP: metrics.AP, lateRise };
      });
    }
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const means = EXPERIMENTS.flatMap(({ name, classes }) =>
  MODELS.map((model) => {
    const own = outcomes.runs.filter((run) => run.data === name && run.model === model);
    const { parameters, macs } = networkCost(buildDetector(model, { classes, size: SIZE }));
    return {
      ...{ data: name, model, parameters: parameters.trainable, macs, seeds: own.length },
      AP50: mean(own.map(({ AP50 }) => AP50)),
      AP: mean(own.map(({ AP }) => AP)),
    };
  }),
);
console.table(means);
outcomes.save({ means });

/** A line from one model to the other for each data set. */
async function drawComparison(cost: 'macs' | 'parameters', xTitle: string, unit: number): Promise<void> {
  const canvas = await drawLineChart({
    title: `${MODELS.join(' and ')} at ${SIZE} px`,
    xTitle,
    yTitle: 'AP50',
    series: EXPERIMENTS.map(({ name, color }) => ({
      ...{ name, color, pointRadius: 6 },
      points: means
        .filter(({ data }) => data === name)
        .map((point) => ({ x: point[cost] / unit, y: point.AP50 })),
    })),
  });
  await saveCanvas(canvas, `docs/images/comparison-${cost}.png`);
}

if (process.argv.includes('--save')) {
  await drawComparison('macs', 'billions of multiply-accumulates', 1e9);
  await drawComparison('parameters', 'millions of parameters', 1e6);
}
