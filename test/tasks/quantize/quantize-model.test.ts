import { existsSync } from 'node:fs';
import { cp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadDetector } from '../../../src/detection/detector.ts';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { evaluateModel } from '../../../src/tasks/evaluate/evaluate-model.ts';
import { exportModel } from '../../../src/tasks/models/export-model.ts';
import { type QuantizeOptions, quantizeModel } from '../../../src/tasks/quantize/quantize-model.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { smallDetector } from '../prune/small-detector.ts';

const folder = temporaryFolder();
const place = (name: string) => join(folder, name);
let model: string;
let data: string;
const quantize = (options: Partial<QuantizeOptions>) =>
  quantizeModel({ model, threads: 1, out: place('made.safetensors'), ...options });
const image = {
  width: 64,
  height: 64,
  data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 37) % 251),
};

/** The network's outputs for an image. */
async function outputs(path: string): Promise<Float32Array> {
  await using detector = await loadDetector(path, { threads: 1 });
  return Object.values(await detector.run(image.data))[0]!.data as Float32Array;
}

/** Squared error relative to the sum of squares. */
const error = (found: Float32Array, expected: Float32Array) =>
  expected.reduce((sum, value, i) => sum + (value - found[i]!) ** 2, 0) /
  expected.reduce((sum, value) => sum + value ** 2, 0);

beforeAll(async () => {
  ({ data, model } = await smallDetector(folder, [1, 2, 2, 2, 2]));
});

test('an 8-bit model detects nearly the same as the float one, in a file that every command reads', async () => {
  const out = place('int8.safetensors');
  const report = await quantize({ data, out, layers: 'all' });
  expect(report.layers.map(({ precision, reason }) => reason ?? precision)).toEqual([
    'first layer',
    ...new Array(4).fill('int8'),
    'last layer',
  ]);
  expect(report.layers[1]).toMatchObject({ name: 'block1.conv', kind: 'dense' });
  expect(report.layers[1]!.milliseconds!.int8).toBeGreaterThan(0);
  expect(report.samples).toBe(6);
  expect(report.bytes.quantized).toBe((await stat(out)).size);
  expect(error(await outputs(out), await outputs(model))).toBeLessThan(0.02);
  const { metrics } = await evaluateModel({ model: out, data, threads: 1 });
  expect(metrics.AP50).toBeCloseTo(report.AP50!.quantized, 6);
  const onnx = place('exported.onnx');
  await exportModel({ model: out, format: 'onnx', out: onnx });
  expect(await outputs(onnx)).toEqual(await outputs(out));
});

test('quantizes an ONNX file to an ONNX file', async () => {
  const [onnx, out] = [place('float.onnx'), place('int8.onnx')];
  await exportModel({ model, format: 'onnx', out: onnx });
  await quantize({ model: onnx, images: [join(data, 'train')], samples: 3, out });
  expect(error(await outputs(out), await outputs(model))).toBeLessThan(0.02);
  await using detector = await loadDetector(out);
  expect(detector.model.provenance['quantized']).toMatch(/^int8, \d of 6 convolutions/);
});

test.each(['percentile', 'entropy', 'min-max'] as const)(
  'calibration by %s gives a working model',
  async (calibration) => {
    const out = place(`${calibration}.safetensors`);
    await quantize({ data, samples: 3, calibration, equalize: false, out });
    expect(error(await outputs(out), await outputs(model))).toBeLessThan(0.1);
  },
);

test.each([
  ['float16', 0.001, 1.5],
  ['weights8', 0.01, 1.8],
  ['weights4', 0.2, 2.2],
] as const)('%s is a smaller file that detects nearly the same', async (precision, most, times) => {
  const out = place(`${precision}.safetensors`);
  const { bytes, notes } = await quantize({ precision, out });
  expect(bytes.float32 / bytes.quantized).toBeGreaterThan(times);
  expect(notes.join()).toMatch(/fewer bytes, the same time/);
  expect(error(await outputs(out), await outputs(model))).toBeLessThan(most);
});

test('leaves no layer in float if the limit is met anyway', async () => {
  const { layers, AP50 } = await quantize({ data, maxDrop: 100, layers: 'all', samples: 3 });
  expect(layers.filter(({ reason }) => reason === 'harms AP50')).toEqual([]);
  expect(AP50!.float32 - AP50!.quantized).toBeLessThanOrEqual(1);
});

test('an aborted run writes nothing', async () => {
  const out = place('aborted.safetensors');
  const stop = new AbortController();
  const options = { model, data, threads: 1, out };
  const onEvent = ({ type }: { readonly type: string }) => type === 'step' && stop.abort();
  const { code } = await microYoloError(quantizeModel(options, { signal: stop.signal, onEvent }));
  expect(code).toBe('interrupted');
  expect(existsSync(out)).toBe(false);
});

describe('is refused before anything is written:', () => {
  test.for([
    ['no images', {}, /no images to calibrate with; pass a folder with `images`/],
    ['a limit of 0', { maxDrop: 0 }, /maxDrop 0: expected points of AP50 above 0/],
    ['a negative limit', { maxDrop: -1 }, /maxDrop -1: expected points/],
    [
      'a limit without labels',
      { maxDrop: 1, images: ['x'] },
      /maxDrop 1: AP50 is measured on labeled images/,
    ],
    ['an unknown method', { calibration: 'median' }, /calibration "median": expected/],
    ['an unknown precision', { precision: 'int2' }, /precision "int2": expected/],
    ['a percentile with another method', { percentile: 99 }, /percentile 99: has no effect without/],
    [
      'bits with weights alone',
      { precision: 'weights4', weightBits: 8 },
      /weightBits with precision weights4/,
    ],
    ['samples with weights alone', { precision: 'weights4', samples: 3 }, /samples with precision weights4/],
    ['a folder without images', { images: ['nowhere'] }, /nowhere/],
    ['another ending', { out: 'model.pt' }, /out model\.pt: expected a name that ends in/],
    ['bits that none has', { weightBits: 4 }, /weightBits 4: expected/],
  ] as const)('%s', async ([, options, message]) => {
    const error = await microYoloError(quantize(options as never));
    expect(error.message).toMatch(message);
  });

  test('a split that must stay untouched', async () => {
    const error = await microYoloError(quantize({ data, split: 'test', maxDrop: 1 }));
    expect(error.message).toMatch(/split test: a split that selects/);
  });

  test('the input model as the output', async () => {
    const error = await microYoloError(quantize({ data, out: model }));
    expect(error.message).toMatch(/would overwrite the model itself/);
  });

  test('images that are used for evaluation', async () => {
    const error = await microYoloError(quantize({ data, images: [join(data, 'val')] }));
    expect(error.message).toMatch(/is used for calibration and evaluation/);
  });

  test('data without a split for calibration', async () => {
    const only = place('only-val');
    await cp(data, only, { recursive: true });
    await rm(join(only, 'train.json'));
    await rm(join(only, 'train'), { recursive: true });
    const error = await microYoloError(quantize({ data: only }));
    expect(error.message).toMatch(/no split train to calibrate with/);
  });

  test('data without the classes of the model', async () => {
    const other = place('other.safetensors');
    const tiny = tinyModel();
    await writeModel(other, { ...tiny, classes: ['boat', 'plane'] });
    const error = await microYoloError(quantize({ model: other, data }));
    expect(error.message).toMatch(/no class in common/);
  });

  test('a model that is already quantized', async () => {
    const out = place('once.safetensors');
    await quantize({ precision: 'weights8', out });
    const error = await microYoloError(quantize({ model: out, images: [join(data, 'train')] }));
    expect(error.message).toMatch(/is quantized already \(weights of \d+ convolutions in 8 bits\)/);
  });
});
