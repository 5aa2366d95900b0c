import { join } from 'node:path';
import { letterboxedSizes } from '../../../src/anchors/anchor-fit.ts';
import { clusterAnchors } from '../../../src/anchors/find-anchors.ts';
import type { Dataset } from '../../../src/datasets/dataset.ts';
import { loadDataset } from '../../../src/datasets/open/description.ts';
import { loadDetector } from '../../../src/detection/detector.ts';
import { evaluateDetections } from '../../../src/evaluation/report.ts';
import { createEngine } from '../../../src/executors/step/select.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { initializeWeights } from '../../../src/models/initialize.ts';
import { DEFAULT_RECIPE } from '../../../src/models/model.ts';
import { convBlock } from '../../../src/network/blocks/conv-block.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import type { Anchor, Network } from '../../../src/network/layers.ts';
import { networkParameters } from '../../../src/network/parameters.ts';
import { EVALUATE_DEFAULTS } from '../../../src/options/evaluate.ts';
import { synthesizeDataset } from '../../../src/tasks/datasets/synthesize-dataset.ts';
import { detectDataset } from '../../../src/tasks/evaluate/detect-dataset.ts';
import { bestAnchor } from '../../../src/training/assigners/best-anchor.ts';
import { shapeRatio } from '../../../src/training/assigners/shape-ratio.ts';
import { flipHorizontally } from '../../../src/training/augmentation/flip.ts';
import { type Assigner, yoloHeads } from '../../../src/training/heads/targets.ts';
import { detectionBatch, type TrainingImage } from '../../../src/training/loader/batch.ts';
import { loadSample } from '../../../src/training/loader/sample.ts';
import type { DetectionLossOptions } from '../../../src/training/losses/options.ts';
import { initialState, weightsOf } from '../../../src/training/step/state.ts';
import { buildTrainingStep } from '../../../src/training/step/step.ts';
import { numbers } from '../../numbers.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { median } from '../alternate.ts';
import { saveResults } from '../results.ts';

const SIZE = { width: 128, height: 128 };
const IMAGES = { train: 400, val: 200 };
const BATCH = 8;
const ROOM = 32;
const RATE = 0.02;
/** Seed of the images, and of the anchors fitted to them. */
const DATA_SEED = 1;
const [steps, seeds] = numbers(800, 1);

interface Contender {
  readonly name: string;
  /** The loader's assigner, unused if the graph assigns. */
  readonly assign?: Assigner;
  /** Reach of a cell's boxes: with 2, to the centers of the neighbors. */
  readonly scaleXY: number;
  readonly loss: DetectionLossOptions;
}

/** As in the papers: the target of YOLOX's classes, and of all of TOOD's scores, is the overlap. */
const soft = { target: 'overlap' } as const;
const contenders: readonly Contender[] = [
  { name: 'best anchor', assign: bestAnchor, scaleXY: 1, loss: {} },
  { name: 'shape ratio', assign: shapeRatio, scaleXY: 2, loss: {} },
  { name: 'SimOTA', scaleXY: 2, loss: { assigner: 'sim-ota', classes: soft } },
  { name: 'task-aligned', scaleXY: 2, loss: { assigner: 'task-aligned', objectness: soft, classes: soft } },
];

/** Share of truths with an assigned anchor cell. */
interface Count {
  readonly assigned: number;
  readonly truths: number;
}

interface Outcome {
  /** Share of the truths, over the last half of the steps. */
  readonly recall: number;
  /** Anchor cells per truth. */
  readonly cells: number;
  readonly AP: number;
  readonly AP50: number;
  readonly AR100: number;
  /** Median, in the engine. */
  readonly ms: number;
}

/** Plain convolutions under two heads, at strides 8 and 16: minutes are enough to train it. */
function smallDetector(classes: number, anchors: readonly Anchor[], scaleXY: number): Network {
  const builder = new NetworkBuilder([3, SIZE.height, SIZE.width]);
  const conv = (name: string, input: string, outChannels: number, stride: number, kernel = 3) =>
    convBlock(builder, name, input, { outChannels, kernel, stride, activation: 'relu' });
  const second = conv('conv2', conv('conv1', 'input', 16, 2), 32, 2);
  const fine = conv('conv4', conv('conv3', second, 64, 2), 64, 1);
  const coarse = conv('conv6', conv('conv5', fine, 128, 2), 128, 1);
  const joined = builder.concat('join', [builder.upsample('up', coarse, 2), fine]);
  for (const [name, input, own] of [
    ['coarse', coarse, anchors.slice(3)],
    ['fine', conv('conv7', joined, 96, 1, 1), anchors.slice(0, 3)],
  ] as const) {
    const outChannels = own.length * (5 + classes);
    const logits = builder.conv(`${name}.logits`, input, { outChannels, kernel: 1, bias: true });
    builder.yolo(name, logits, { anchors: own, classes, scaleXY });
  }
  return builder.build('small');
}

async function trained(
  { assign, scaleXY, loss }: Contender,
  seed: number,
  images: readonly TrainingImage[],
  { train, val }: { readonly train: Dataset; readonly val: Dataset },
): Promise<Outcome> {
  const anchors = clusterAnchors(letterboxedSizes(train, SIZE), 6, DATA_SEED);
  const network = smallDetector(train.categories.length, anchors, scaleXY);
  const heads = yoloHeads(network);
  const step = buildTrainingStep(network, { batch: BATCH, truths: ROOM, loss, pixels: DEFAULT_RECIPE });
  const start = initialState(step, initializeWeights(network, seed));
  const uniform = uniformRandom(seed);
  const times: number[] = [];
  const counts: (Count & { readonly positives: number })[] = [];
  const { engine } = await createEngine(step, BATCH, start);
  await using running = engine;
  for (let index = 0; index < steps; index++) {
    const drawn = Array.from({ length: BATCH }, () => {
      const image = images[Math.floor(uniform() * images.length)]!;
      return uniform() < 0.5 ? image : flipped(image);
    });
    const batch = detectionBatch(drawn, SIZE, heads, assign, ROOM);
    const { metrics, milliseconds } = await running.step(batch.tensors, scalars(index));
    times.push(milliseconds);
    const assigned = batch.assigned ?? metrics['assigned']!;
    counts.push({ assigned, truths: batch.truthCount, positives: metrics['positives']! });
  }
  const weights = weightsOf(networkParameters(network), await running.readState(), 'average');
  const classes = train.categories.map((category) => category.name);
  const model = { network, weights, classes, recipe: DEFAULT_RECIPE, provenance: {} };
  await using detector = await loadDetector(model);
  const { metrics } = evaluateDetections(val, await detectDataset(detector, val, EVALUATE_DEFAULTS));
  const late = counts.slice(steps >> 1);
  const sum = (of: (count: (typeof late)[number]) => number) =>
    late.reduce((total, count) => total + of(count), 0);
  const truths = sum((count) => count.truths);
  return {
    recall: sum(({ assigned }) => assigned) / truths,
    cells: sum(({ positives }) => positives) / truths,
    AP: metrics.AP,
    AP50: metrics.AP50,
    AR100: metrics.AR100,
    ms: median(times),
  };
}

/** All shapes are one class, because distinguishing them takes longer than finding them. */
function asOneClass({ annotations, ...dataset }: Dataset): Dataset {
  const categories = annotations.categories.map(() => 0);
  return {
    ...dataset,
    categories: [{ id: dataset.categories[0]!.id, name: 'shape' }],
    annotations: { ...annotations, categories },
  };
}

function flipped({ pixels, truths }: TrainingImage): TrainingImage {
  const { image, objects } = flipHorizontally({ image: { data: pixels, ...SIZE }, objects: [...truths] });
  return { pixels: image.data, truths: objects };
}

function scalars(index: number): Readonly<Record<string, number>> {
  const progress = index / steps;
  const rate = RATE * Math.min(1, progress / 0.05) * (0.51 + 0.49 * Math.cos(Math.PI * progress));
  return {
    'learningRate.kernels': rate,
    'learningRate.norms': rate,
    'learningRate.biases': rate,
    momentum: 0.9,
    weightDecay: 5e-4,
    averageDecay: Math.min(0.98, (1 + index) / (10 + index)),
    clipNorm: 10,
    'gain.box': 2,
    'gain.objectness': 1,
    'gain.classes': 1,
  };
}

const folder = temporaryFolder('assigners');
await synthesizeDataset({ out: folder, ...IMAGES, size: 320, seed: DATA_SEED });
const open = async (split: string) =>
  asOneClass(await loadDataset(join(folder, `${split}.json`), { imageFolder: join(folder, split) }));
const data = { train: await open('train'), val: await open('val') };
const images = await Promise.all(
  data.train.images.map((_, index) => loadSample(data.train, index, DEFAULT_RECIPE, SIZE)),
);
const assigners = [];
for (const contender of contenders) {
  const outcomes: Outcome[] = [];
  for (let seed = 1; seed <= seeds; seed++) outcomes.push(await trained(contender, seed, images, data));
  const of = (key: keyof Outcome) => outcomes.map((outcome) => outcome[key]);
  const mean = (key: keyof Outcome) => of(key).reduce((sum, value) => sum + value, 0) / seeds;
  const figures = {
    recall: mean('recall'),
    cells: mean('cells'),
    AP: mean('AP'),
    AP50: mean('AP50'),
    AR100: mean('AR100'),
    ms: median(of('ms')),
  };
  assigners.push({ name: contender.name, ...figures, AP50OfSeeds: of('AP50') });
  const { recall, cells, AP, AP50, AR100, ms } = figures;
  const each = of('AP50').map((value) => value.toFixed(3));
  console.log(
    `${contender.name.padEnd(14)} recall ${recall.toFixed(3)}, ${cells.toFixed(1)} cells a truth, AP50 ${AP50.toFixed(3)} (${each.join(', ')}), AP ${AP.toFixed(3)}, AR ${AR100.toFixed(3)}, ${ms.toFixed(0)} ms a step`,
  );
}
saveResults('assigners', { side: SIZE.width, batch: BATCH, steps, seeds, images: IMAGES, assigners });
process.exit(0);
