/**
 * The comparison in Micro-YOLO's paper: micro-yolo against yolov3-tiny, with one recipe, until neither improves any
 * more: simultaneously, for the same minutes, one core each. On blood cells (several seeds, evaluated on the test split) and
 * on the ten most frequent classes of coco-mini (one seed, on its validation images).
 * `npx tsx scripts/experiments/comparison.ts [SEEDS] [--save]`. Existing runs (runs/comparison-*,
 * results/comparison-*.json) are reused, and interrupted ones resumed. --save stores each seed's outcomes in
 * results/comparison-*.json and draws docs/images/comparison-macs.png and comparison-parameters.png.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadDataset, subsetDatasetFiles } from '../../src/api/datasets.ts';
import { evaluateModel, saveCanvas } from '../../src/api/index.ts';
import { buildDetector, networkCost } from '../../src/api/networks.ts';
import { readCheckpoint } from '../../src/api/training.ts';
import { drawLineChart } from '../../src/drawing/chart.ts';
import { KeptOutcomes } from '../benchmarks/results.ts';
import { keptRunsAtOnce } from '../benchmarks/training/kept-runs-at-once.ts';
import { dataPath } from '../data-folder.ts';
import { numbers } from '../numbers.ts';

const [seeds] = numbers(3);
const MODELS = ['micro-yolo', 'yolov3-tiny'] as const;
type Model = (typeof MODELS)[number];
const SIZE = 320;
const FREQUENT = 'runs/coco-mini-ten';
const FREQUENT_CLASSES = 10;

/** The most frequent classes of coco-mini's training images, as a separate data set. */
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
    data: dataPath('coco-mini'),
    to: 'coco',
    out: FREQUENT,
    subset: { classes },
  });
  return FREQUENT;
}

const EXPERIMENTS = [
  {
    name: 'blood cells',
    results: 'comparison-cells',
    color: '#d55e00',
    classes: 3,
    data: dataPath('bccd'),
    split: 'test',
    seeds,
    legs: [{ maxMinutes: 30, evaluateEvery: 10, augmentation: { flipVertical: 0.5 } }],
  },
  {
    name: 'ten classes of coco-mini',
    results: 'comparison-ten',
    color: '#0072b2',
    classes: FREQUENT_CLASSES,
    data: await frequentClasses(),
    split: 'val',
    seeds: 1,
    legs: [
      {
        ...{ maxMinutes: 100, evaluateEvery: 5, augmentation: { mosaic: 0.25 } },
        multiScale: { sizes: [192, 224, 256], every: 500 },
      },
      // Most objects are small: enlarged, they are as large in the small training inputs as in evaluation.
      {
        ...{ maxMinutes: 100, evaluateEvery: 5, optimizer: { learningRate: 0.0016 } },
        ...{ augmentation: { mosaic: 0.25, scale: [0.7, 2] }, multiScale: { sizes: [224, 256], every: 500 } },
      },
    ],
  },
];

interface Outcome {
  readonly AP: number;
  readonly AP50: number;
  readonly AP75: number;
  readonly epochs: number;
  /** AP50 still gained on the validation images in the last fifth of the last leg: near 0 if learning has converged. */
  readonly lateRise: number;
}

const bestOf = (folder: string) => join(folder, 'best.safetensors');

/**
 * Trains both simultaneously, leg by leg, each from the best weights of the previous leg.
 * @param run name of their folders, without the model's and the leg's
 * @returns the folders of the legs of each model
 */
async function trainInLegs(
  run: (model: Model) => string,
  settings: { readonly data: string; readonly seed: number },
  legs: readonly object[],
): Promise<Record<Model, string[]>> {
  const folders: Record<Model, string[]> = { 'micro-yolo': [], 'yolov3-tiny': [] };
  for (const [index, leg] of legs.entries()) {
    const runs = MODELS.map((model) => {
      const before = folders[model].at(-1);
      const weights = before === undefined ? {} : { weights: bestOf(before) };
      const name = index === 0 ? run(model) : `${run(model)}-leg-${index + 1}`;
      return [name, { ...settings, model, size: SIZE, ...leg, ...weights }];
    });
    const ofLeg = await keptRunsAtOnce(Object.fromEntries(runs));
    for (const [at, model] of MODELS.entries()) folders[model].push(ofLeg[at]!);
  }
  return folders;
}

async function measure(data: string, split: string, folders: readonly string[]): Promise<Outcome> {
  const { metrics } = await evaluateModel({ data, split, model: bestOf(folders.at(-1)!) });
  const histories = await Promise.all(
    folders.map(async (folder) => (await readCheckpoint(folder)).run.history),
  );
  const history = histories.at(-1)!;
  const best = (part: typeof history) => Math.max(...part.map(({ AP50 }) => AP50 ?? 0));
  const lateRise = best(history) - best(history.slice(0, Math.ceil(0.8 * history.length)));
  const { AP, AP50, AP75 } = metrics;
  return { AP, AP50, AP75, epochs: histories.flat().length, lateRise };
}

interface Mean {
  readonly data: string;
  readonly model: Model;
  readonly parameters: number;
  readonly macs: number;
  readonly AP50: number;
  readonly AP: number;
}

const means: Mean[] = [];
for (const { name, results, data, split, legs, ...experiment } of EXPERIMENTS) {
  const outcomes = new KeptOutcomes<{ seed: number }, Record<Model, Outcome>>(results, { size: SIZE, legs });
  for (let seed = 1; seed <= experiment.seeds; seed++) {
    await outcomes.of({ seed }, async () => {
      const folders = await trainInLegs((model) => `${results}-${model}-${seed}`, { data, seed }, legs);
      return {
        'micro-yolo': await measure(data, split, folders['micro-yolo']),
        'yolov3-tiny': await measure(data, split, folders['yolov3-tiny']),
      };
    });
  }
  const own = MODELS.map((model) => {
    const { parameters, macs } = networkCost(
      buildDetector(model, { classes: experiment.classes, size: SIZE }),
    );
    const mean = (figure: 'AP' | 'AP50') =>
      outcomes.runs.reduce((sum, run) => sum + run[model][figure], 0) / outcomes.runs.length;
    return { data: name, model, parameters: parameters.trainable, macs, AP50: mean('AP50'), AP: mean('AP') };
  });
  outcomes.save({ means: own });
  means.push(...own);
}
console.table(means);

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
