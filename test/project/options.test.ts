import { expect, test } from 'vitest';
import {
  checkDataset,
  convertDataset,
  fitAnchors,
  loadDataset,
  showDataset,
  splitDataset,
  splitDatasetFiles,
  subsetDataset,
  subsetDatasetFiles,
  synthesizeDataset,
} from '../../src/api/datasets.ts';
import { DetectionList, evaluateCoco, evaluateDetections, evaluateVoc } from '../../src/api/evaluation.ts';
import {
  drawDetections,
  evaluateClassifier,
  evaluateModel,
  exportModel,
  importModel,
  MicroYoloError,
  trainDetector,
} from '../../src/api/index.ts';
import { benchmarkDetection, compareNetworks, quantizeModel, reportModel } from '../../src/api/models.ts';
import { benchmarkTraining, optimizeDetector, trainingSettings } from '../../src/api/training.ts';
import { madeDataset } from '../datasets/made-dataset.ts';

const dataset = madeDataset();
const detections = new DetectionList();
const input = { images: [], categoryIds: [], truths: {}, detections: {} } as never;
const image = { width: 8, height: 8, data: new Uint8Array(192) };

/** What an untyped caller can do: a function, its required options, and one of them with a value of another type. */
const CALLS: readonly (readonly [string, (options: never) => unknown, object, string, unknown])[] = [
  ['evaluateModel', evaluateModel, { data: 'd', model: 'm' }, 'scoreThreshold', '0.5'],
  ['evaluateClassifier', evaluateClassifier, { data: 'd', model: 'm' }, 'threads', '2'],
  ['evaluateDetections', (o) => evaluateDetections(dataset, detections, 'f', o), {}, 'ownBoxes', 1],
  ['evaluateCoco', (o) => evaluateCoco(input, o), {}, 'iouThresholds', 0.5],
  ['evaluateVoc', (o) => evaluateVoc(input, o), {}, 'iouThreshold', '0.5'],
  ['trainDetector', trainDetector, {}, 'settings', 'epochs'],
  ['trainingSettings', trainingSettings, {}, 'config', 1],
  ['loadDataset', (o) => loadDataset('d', o), {}, 'onProblem', 'ignore'],
  ['checkDataset', checkDataset, { data: ['d'] }, 'data', 'd'],
  ['fitAnchors', fitAnchors, { data: ['d'] }, 'size', '416'],
  ['convertDataset', convertDataset, { data: 'd', out: 'o' }, 'overwrite', 'yes'],
  ['subsetDatasetFiles', subsetDatasetFiles, { data: 'd', out: 'o', subset: {} }, 'subset', 5],
  ['subsetDataset', (o) => subsetDataset(dataset, o), {}, 'classes', 'dog'],
  ['splitDatasetFiles', splitDatasetFiles, { data: 'd', out: 'o', val: 0.2 }, 'transfer', true],
  ['splitDataset', (o) => splitDataset(dataset, o), { val: 0.2 }, 'val', '0.2'],
  ['showDataset', showDataset, { data: 'd', out: 'o.png' }, 'classes', 'dog'],
  ['synthesizeDataset', synthesizeDataset, {}, 'out', 7],
  ['exportModel', exportModel, { model: 'm', format: 'onnx' }, 'half', 1],
  ['importModel', importModel, { weights: 'w.keras', network: 'n' }, 'weights', null],
  ['benchmarkDetection', benchmarkDetection, { model: 'm' }, 'steps', '3'],
  ['benchmarkTraining', benchmarkTraining, { model: 'm' }, 'engine', 1],
  ['compareNetworks', compareNetworks, { networks: ['a', 'b'] }, 'networks', 'a'],
  ['optimizeDetector', optimizeDetector, { model: 'm', data: 'd' }, 'epochs', '3'],
  ['quantizeModel', quantizeModel, { model: 'm' }, 'images', 'photos'],
  ['reportModel', (o) => reportModel('micro-yolo', o), {}, 'size', { width: 320 }],
];

/** The error that a call throws or rejects with. */
async function failure(call: (options: never) => unknown, options: unknown): Promise<unknown> {
  try {
    return await call(options as never);
  } catch (error) {
    return error;
  }
}

test.each(CALLS)(
  '%s names an option that is misspelled or has another type',
  async (_, call, needed, name, value) => {
    const misspelled = await failure(call, { ...needed, [`${name}x`]: value });
    expect(misspelled).toBeInstanceOf(MicroYoloError);
    expect(misspelled).toHaveProperty('code', 'invalid-argument');
    expect(misspelled).toHaveProperty(
      'message',
      expect.stringMatching(`unknown option "${name}x"; did you mean ${name}\\?`),
    );
    const mistyped = await failure(call, { ...needed, [name]: value });
    expect(mistyped).toBeInstanceOf(MicroYoloError);
    expect(mistyped).toHaveProperty('message', expect.stringMatching(new RegExp(`^${name} .*: expected `)));
  },
);

test.each(CALLS)('%s refuses a value that is not options', async (_, call) => {
  for (const options of [null, 'data', ['data']]) {
    const error = await failure(call, options);
    expect(error).toBeInstanceOf(MicroYoloError);
    expect(error).toHaveProperty('message', expect.stringMatching(/options .*: expected an object/));
  }
});

test('names a missing required option', async () => {
  expect(await failure(checkDataset, {})).toHaveProperty(
    'message',
    'data undefined: expected a list of strings',
  );
  expect(await failure(exportModel, { model: 'm' })).toHaveProperty(
    'message',
    'format undefined: expected a string',
  );
});

test.each([
  [{ lineWidth: 2 }, /^packages \{ lineWidth \}: expected a list of canvas or @napi-rs\/canvas$/],
  [['skia'], /^packages \["skia"\]: expected a list/],
  ['canvas', /^packages "canvas": expected a list/],
])('drawing refuses %j in place of packages', async (packages, message) => {
  const error = await failure((given) => drawDetections(image, [], given), packages);
  expect(error).toBeInstanceOf(MicroYoloError);
  expect(error).toHaveProperty('message', expect.stringMatching(message));
});
