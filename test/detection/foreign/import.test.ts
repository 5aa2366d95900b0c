import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadDetector } from '../../../src/detection/detector.ts';
import { openGraphModel } from '../../../src/detection/foreign/open-graph.ts';
import {
  TensorProto_DataLocation as DataLocation,
  ModelProtoSchema,
} from '../../../src/executors/onnx/onnx-proto.ts';
import { compileModel } from '../../../src/models/compile/compile.ts';
import { parseSafetensors, writeSafetensors } from '../../../src/models/formats/safetensors/safetensors.ts';
import { loadModel } from '../../../src/models/load.ts';
import { exportModel } from '../../../src/tasks/models/export-model.ts';
import { importGraph } from '../../../src/tasks/models/import-graph.ts';
import { reportGraph } from '../../../src/tasks/models/report-graph.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { tinyYolox, tinyYoloxCost } from './tiny-graph.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const graph = file('tiny.onnx');
const photo = file('photo.png');
const bytes = tinyYolox();

beforeAll(async () => {
  writeFileSync(graph, bytes);
  writeFileSync(file('given.txt'), 'ant\nbee\n');
  const pixels = Uint8Array.from({ length: 3 * 90 * 70 }, (_, i) => (i * 2654435761) >>> 24);
  await sharp(pixels, { raw: { width: 90, height: 70, channels: 3 } })
    .png()
    .toFile(photo);
});

const detections = async (model: string | Parameters<typeof loadDetector>[0], size?: number) => {
  await using detector = await loadDetector(model, size === undefined ? {} : { size });
  // Awaited before the detector is disposed.
  return await detector.detect(photo, { scoreThreshold: 0.1, multiLabel: true });
};

describe('an imported graph', () => {
  const out = file('imported.safetensors');
  beforeAll(() => importGraph({ model: graph, names: file('given.txt'), out }));

  test('detects exactly as its ONNX file does', async () => {
    const found = await detections(out);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]!.label).toMatch(/ant|bee/);
    const own = await detections(graph);
    expect(found.map(({ score, box }) => [score, box])).toEqual(own.map(({ score, box }) => [score, box]));
  });

  test('keeps recipe, decoder, classes and origin', async () => {
    const opened = (await openGraphModel(out))!;
    const {
      onnx: _,
      provenance,
      ...own
    } = (await openGraphModel(graph, { names: file('given.txt') }))!.model;
    expect(opened.model).toMatchObject(own);
    expect(opened.notes).toEqual([]);
    expect(opened.model.provenance).toEqual({
      ...provenance,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  test('is exported as the exact bytes of its ONNX file', async () => {
    await exportModel({ model: out, format: 'onnx', out: file('back.onnx') });
    expect(readFileSync(file('back.onnx')).equals(bytes)).toBe(true);
  });

  test('supports other sizes as its ONNX file does', async () => {
    expect(await detections(out, 96)).toHaveLength((await detections(graph, 96)).length);
    const { model } = (await openGraphModel(out, { size: 96 }))!;
    expect(model.input).toMatchObject({ width: 96, height: 96 });
  });

  test('cannot be trained as a network, and says so', async () => {
    await expect(loadModel(out)).rejects.toThrow(/contains an ONNX graph, which cannot be changed/);
  });

  test('belongs to the family that it was imported as', async () => {
    await expect(openGraphModel(out, { as: 'yolov8' })).rejects.toThrow(/was imported as yolox/);
  });

  test.each([
    {
      title: 'an unknown family',
      change: { decoder: { family: 'yolo99', parameters: {} } },
      says: /family yolo99 is unknown/,
    },
    {
      title: 'parameters of another family',
      change: { decoder: { family: 'yolox', parameters: { strides: 'all' } } },
      says: /decoder\.parameters\.strides/,
    },
    { title: 'an unknown field', change: { color: 'red' }, says: /at the top: .*color/ },
    {
      title: 'a later version',
      change: { version: 4 },
      says: /of version 4, expected at most 3; update micro-yolo/,
    },
  ])('with $title is refused in one line', async ({ title, change, says }) => {
    const { tensors, metadata } = parseSafetensors(readFileSync(out), out);
    const description = { ...JSON.parse(metadata['micro-yolo']!), ...change };
    const changed = file(`${title}.safetensors`);
    await writeSafetensors(changed, { tensors, metadata: { 'micro-yolo': JSON.stringify(description) } });
    await expect(openGraphModel(changed)).rejects.toThrow(says);
  });
});

test('half-precision weights shrink the file and change scores little', async () => {
  const [whole, half] = [file('whole.safetensors'), file('half.safetensors')];
  const { bytes: wholeBytes } = await importGraph({ model: graph, out: whole });
  const { bytes: halfBytes } = await importGraph({ model: graph, out: half, half: true });
  expect(halfBytes).toBeLessThan(0.7 * wholeBytes);
  const [exact, rounded] = [await detections(whole), await detections(half)];
  expect(rounded[0]!.score).toBeCloseTo(exact[0]!.score, 2);
});

test('stores tensors from external files in the model file', async () => {
  await mkdir(file('apart'), { recursive: true });
  const proto = fromBinary(ModelProtoSchema, bytes);
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (const tensor of proto.graph!.initializer) {
    if (!tensor.name.startsWith('weight')) continue;
    const data = tensor.rawData;
    tensor.externalData = Object.entries({ location: 'weights.bin', offset, length: data.length }).map(
      ([key, value]) => ({ $typeName: 'onnx.StringStringEntryProto', key, value: String(value) }),
    );
    tensor.dataLocation = DataLocation.EXTERNAL;
    tensor.rawData = new Uint8Array();
    pieces.push(data);
    offset += data.length;
  }
  const apart = file('apart/tiny.onnx');
  writeFileSync(apart, toBinary(ModelProtoSchema, proto));
  writeFileSync(file('apart/weights.bin'), Buffer.concat(pieces));
  const out = file('inside.safetensors');
  await importGraph({ model: apart, out });
  expect(await detections(out)).toEqual(await detections(graph));
});

test('an export of this library detects exactly as its source model does', async () => {
  const model = tinyModel();
  const exported = file('own.onnx');
  writeFileSync(exported, compileModel(model));
  const opened = (await openGraphModel(exported))!;
  expect(opened.model.decoder.family).toBe('micro-yolo');
  expect(opened.model.classes).toEqual(['circle', 'square']);
  const found = await detections(exported);
  expect(found.length).toBeGreaterThan(0);
  expect(found).toEqual(await detections(model));
  expect(await detections(exported, 128)).toEqual(await detections(model, 128));
});

test("a report counts the cost of a graph's convolutions", async () => {
  const report = (await reportGraph(graph))!;
  const { parameters, macs } = tinyYoloxCost();
  expect([report.parameters.total, report.macs, report.uncounted]).toEqual([parameters, macs, []]);
  expect(report).toMatchObject({ family: 'yolox', licenseVerdict: 'permissive', opset: 17, classes: 2 });
  expect(report.recipeInWords).toBe(
    'letterbox, in the top left corner, border 114; bilinear; BGR; values 0–255',
  );
  const larger = (await reportGraph(graph, { size: 128 }))!;
  expect(larger.macs).toBe(4 * macs);
});
