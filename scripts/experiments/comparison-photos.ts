/**
 * Micro-YOLO's comparison on everyday photographs of 80 classes: micro-yolo and yolov3-tiny see the same images with one
 * recipe, from random weights. A detector labels the photos, which join coco-mini.
 * `npx tsx scripts/experiments/comparison-photos.ts --photos FOLDER… --labeler MODEL [--epochs N] [--save]`. You can stop
 * and restart it. --save stores the outcome in results/comparison-photos.json and draws the charts of comparison.ts again.
 */
import { parseArgs } from 'node:util';
import { KeptOutcomes } from '../benchmarks/results.ts';
import { keptRun } from '../benchmarks/training/kept-run.ts';
import { dataPath } from '../data-folder.ts';
import { labeledPhotos } from '../default-model/labeled-photos.ts';
import { drawComparisons } from './comparison/charts.ts';
import { type Model, meansOf, measure, type Outcome, SIZE } from './comparison/outcome.ts';

const { values } = parseArgs({
  options: {
    photos: { type: 'string', multiple: true, default: [] },
    labeler: { type: 'string', default: dataPath('teachers/yolox_nano.onnx') },
    epochs: { type: 'string', default: '5' },
    save: { type: 'boolean', default: false },
  },
});
const NAME = 'comparison-photos';
const CLASSES = 80;

const recipe = {
  epochs: Number(values.epochs),
  // Uncertain labels count less, and rare classes are shown more often.
  ...{ labelScores: 'weight' as const, repeatThreshold: 0.01 },
  augmentation: { mosaic: 0.25 },
  multiScale: { sizes: [160, 192, 224], every: 500 },
  // The end, without mosaic, is at full size.
  cleanShare: 0.06,
};

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const outcomes = new KeptOutcomes<{ seed: number }, Record<Model, Outcome>>(NAME, { size: SIZE, ...recipe });
const seed = 1;
await outcomes.of({ seed }, async () => {
  const data = await labeledPhotos({
    data: 'datasets/coco-mini.yaml',
    photos: values.photos,
    labeler: values.labeler,
    folder: `runs/${NAME}-data`,
    threads: undefined,
  });
  const trained = async (model: Model) => {
    const folder = await keptRun(
      `${NAME}-${model}`,
      { ...recipe, data, seed, model, size: SIZE },
      stop.signal,
    );
    return await measure(data, 'val', [folder]);
  };
  // One after the other, each on all cores: the images seen are the same, the times are not.
  return { 'yolov3-tiny': await trained('yolov3-tiny'), 'micro-yolo': await trained('micro-yolo') };
});
outcomes.save({ means: meansOf('80 classes of photographs', CLASSES, outcomes.runs) });
if (values.save) await drawComparisons();
