/**
 * The comparison in Micro-YOLO's paper: micro-yolo against yolov3-tiny, with one recipe, until neither improves any
 * more: simultaneously, for the same minutes, one core each. On blood cells (several seeds, evaluated on the test split) and
 * on the ten most frequent classes of coco-mini (one seed, on its validation images).
 * `npx tsx scripts/experiments/comparison.ts [SEEDS] [--save]`. Existing runs (runs/comparison-*,
 * results/comparison-*.json) are reused, and interrupted ones resumed. --save stores each seed's outcomes in
 * results/comparison-*.json and draws docs/images/comparison-macs.png and comparison-parameters.png.
 */
import { existsSync } from 'node:fs';
import { loadDataset, subsetDatasetFiles } from '../../src/api/datasets.ts';
import { KeptOutcomes } from '../benchmarks/results.ts';
import { keptRunsAtOnce } from '../benchmarks/training/kept-runs-at-once.ts';
import { dataPath } from '../data-folder.ts';
import { numbers } from '../numbers.ts';
import { drawComparisons } from './comparison/charts.ts';
import {
  bestOf,
  type Mean,
  MODELS,
  type Model,
  meansOf,
  measure,
  type Outcome,
  SIZE,
} from './comparison/outcome.ts';

const [seeds] = numbers(3);
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
    classes: 3,
    data: dataPath('bccd'),
    split: 'test',
    seeds,
    legs: [{ maxMinutes: 30, evaluateEvery: 10, augmentation: { flipVertical: 0.5 } }],
  },
  {
    name: 'ten classes of coco-mini',
    results: 'comparison-ten',
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
  const own = meansOf(name, experiment.classes, outcomes.runs);
  outcomes.save({ means: own });
  means.push(...own);
}
console.table(means);

if (process.argv.includes('--save')) await drawComparisons();
