import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { loadDetector } from '../../../src/detection/detector.ts';
import { loadGraphModel } from '../../../src/detection/foreign/load-graph-model.ts';
import { encodeOnnx, type OnnxNode } from '../../../src/executors/onnx/file.ts';
import {
  type ModelProto,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
} from '../../../src/executors/onnx/onnx-proto.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const folder = temporaryFolder();
let files = 0;

async function written(bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, `${files++}`, 'model.onnx');
  await mkdir(join(path, '..'));
  await writeFile(path, bytes);
  return path;
}

interface Output {
  readonly name?: string;
  readonly shape: readonly number[];
  /** The operation that makes its values. If omitted, the image itself, reshaped by averages and tiles. */
  readonly last?: string;
}

/** A graph with outputs of these shapes: the image's mean times a constant ramp. */
function graph(
  outputs: readonly Output[],
  {
    input = [1, 3, 64, 64],
    metadata = {},
    port = 'images',
  }: { input?: readonly number[]; metadata?: Record<string, string>; port?: string } = {},
): Uint8Array {
  const nodes: OnnxNode[] = [
    { type: 'ReduceMean', inputs: [port], outputs: ['mean'], attributes: { keepdims: 0 } },
  ];
  const initializers = outputs.map(({ shape }, i) => {
    const count = shape.reduce((a, b) => a * b, 1);
    return {
      name: `ramp${i}`,
      shape,
      data: Float32Array.from({ length: count }, (_, at) => ((at * 37) % 101) - 50),
    };
  });
  for (const [i, { name = `output${i}`, last }] of outputs.entries()) {
    const product = last === undefined ? name : `product${i}`;
    nodes.push({ type: 'Mul', inputs: [`ramp${i}`, 'mean'], outputs: [product] });
    if (last !== undefined) nodes.push({ type: last, inputs: [product], outputs: [name] });
  }
  const ports = outputs.map(({ name, shape }, i) => ({
    name: name ?? `output${i}`,
    type: 'float32' as const,
    shape: [...shape],
  }));
  return encodeOnnx({
    name: 'trap',
    opset: 13,
    nodes,
    inputs: [{ name: port, type: 'float32', shape: [...input] }],
    outputs: ports,
    initializers,
    metadata,
  });
}

/** A fixture with one change. */
async function changed(fixture: string, change: (model: ModelProto) => void): Promise<Uint8Array> {
  const bytes = Uint8Array.from(await readFile(join(FIXTURES, fixture, 'model.onnx')));
  const model = fromBinary(ModelProtoSchema, bytes);
  change(model);
  return toBinary(ModelProtoSchema, model);
}

const withMetadata = (metadata: Record<string, string>) =>
  changed('twin-yolov8-3', (model) => {
    for (const [key, value] of Object.entries(metadata)) {
      model.metadataProps = model.metadataProps.filter((entry) => entry.key !== key);
      model.metadataProps.push(create(StringStringEntryProtoSchema, { key, value }));
    }
  });

async function refusal(bytes: Uint8Array | string): Promise<string> {
  const { message } = await microYoloError(loadGraphModel(await written(bytes)));
  expect(message).not.toContain('\n');
  expect(message.length).toBeLessThan(700);
  return message;
}

// A grid of 64 px has 64 + 16 + 4 cells.
const CELLS = 84;

describe('a graph that is not a detector', () => {
  test.each([
    [
      'a classifier',
      [{ shape: [1, 1000], last: 'Softmax' }],
      /is a classifier or an embedding.*expected a detector/,
    ],
    ['a classifier of six classes', [{ shape: [1, 6] }], /is a classifier/],
    ['a classifier of seven classes', [{ name: 'output', shape: [1, 7] }], /is a classifier/],
    ['an embedding', [{ shape: [1, 512] }], /embedding/],
    ['a segmenter', [{ shape: [1, 21, 64, 64] }], /is a segmenter or another model with map outputs/],
    ['a depth map', [{ shape: [1, 1, 64, 64] }], /model with map outputs/],
    [
      'a YOLO segmenter without metadata',
      [{ shape: [1, 39, CELLS] }, { shape: [1, 32, 16, 16] }],
      /segmentation model/,
    ],
    ['rows too narrow for a box', [{ shape: [1, 100, 3] }], /an unknown family.*\[1, 100, 3\]/],
    ['rows that fit no grid', [{ shape: [1, 100, 9] }], /an unknown family/],
    ['boxes without scores', [{ name: 'boxes', shape: [1, 100, 4] }], /an unknown family/],
    [
      'scores without boxes',
      [
        { name: 'scores', shape: [1, 100] },
        { name: 'labels', shape: [1, 100] },
      ],
      /known/,
    ],
    [
      'heat maps',
      [
        { name: 'hm', shape: [1, 80, 16, 16] },
        { name: 'wh', shape: [1, 2, 16, 16] },
      ],
      /known.*hm float/,
    ],
    [
      'dets with labels, but no scores',
      [
        { name: 'dets', shape: [1, 30, 4] },
        { name: 'labels', shape: [1, 30] },
      ],
      /known/,
    ],
  ] as const)('%s is refused', async (_, outputs, message) => {
    expect(await refusal(graph(outputs))).toMatch(message);
  });

  test.each([
    ['segment', 'a YOLO segmentation model'],
    ['pose', 'a YOLO pose model'],
    ['obb', 'a YOLO model of rotated boxes'],
    ['classify', 'a YOLO classifier'],
    ['dream', 'a model of another task'],
  ])('a model whose metadata names the task %s is refused by that name', async (task, what) => {
    expect(await refusal(await withMetadata({ task }))).toContain(
      `is ${what} (metadata task "${task}"); expected a detector`,
    );
  });

  test('refuses inputs that are not an image with three colors', async () => {
    expect(await refusal(graph([{ shape: [1, 7, CELLS] }], { input: [1, 1, 64, 64] }))).toMatch(
      /3 channels, got images float \[1, 1, 64, 64\]/,
    );
    expect(await refusal(graph([{ shape: [1, 30] }], { input: [1, 16000], port: 'audio' }))).toMatch(
      /3 channels/,
    );
  });

  test('refuses an input larger than any photo before memory is allocated', async () => {
    expect(await refusal(graph([{ shape: [1, 7, CELLS] }], { input: [1, 3, 900_000, 900_000] }))).toMatch(
      /900000×900000 px, expected/,
    );
  });
});

describe('values decide if shapes are ambiguous', () => {
  test.each([
    ["YOLOv8's shape", [{ shape: [1, 7, CELLS] }]],
    ["YOLOv5's shape", [{ shape: [1, 3 * CELLS, 8] }]],
    ["YOLOX's shape", [{ shape: [1, CELLS, 8] }]],
    ["YOLOX's shape, of sigmoids alone", [{ shape: [1, CELLS, 8], last: 'Tanh' }]],
    ['the shape of rows after suppression', [{ shape: [1, 100, 6] }]],
    ["DAMO-YOLO's shapes", [{ shape: [1, CELLS, 3] }, { shape: [1, CELLS, 4] }]],
  ] as const)('random values in %s are never taken for detections', async (_, outputs) => {
    expect(await refusal(graph(outputs))).toMatch(
      /values on test images do not fit; to use it anyway: `as: "\S+"`/,
    );
  });

  test('the input name "image" or "data" proves nothing', async () => {
    for (const port of ['image', 'data']) {
      const bytes = await changed('twin-yolox-3', (model) => {
        model.graph!.input[0]!.name = port;
        for (const node of model.graph!.node)
          node.input = node.input.map((name) => (name === 'images' ? port : name));
      });
      const { title } = await loadGraphModel(await written(bytes));
      expect(title).toBe('YOLOX');
    }
  });

  test('does not read corners in YOLOv8’s shape as centers without metadata', async () => {
    const bytes = await changed('twin-libreyolo9-3', (model) => {
      model.metadataProps = [];
    });
    expect((await loadGraphModel(await written(bytes))).title).toBe('LibreYOLO YOLO9');
  });

  test('raw maps without anchors in the file are ambiguous, with a command for each reading', async () => {
    const path = join(FIXTURES, 'twin-yolov7-maps', 'model.onnx');
    const { message } = await microYoloError(loadGraphModel(path));
    expect(message).toContain('`as: "yolov5-maps"` or `as: "yolov7-maps"`');
    expect((await loadGraphModel(path, { as: 'yolov7-maps' })).title).toContain('YOLOv7');
  });

  test('logits with four columns and no config.json are DETR or RT-DETR', async () => {
    const path = await written(await readFile(join(FIXTURES, 'twin-yolos-hf', 'model.onnx')));
    const { message } = await microYoloError(loadGraphModel(path));
    expect(message).toContain('`as: "rt-detr-queries"` or `as: "detr"`');
  });

  test('refuses an impossible family and lists the outputs', async () => {
    const path = join(FIXTURES, 'twin-yolox-3', 'model.onnx');
    const { message } = await microYoloError(loadGraphModel(path, { as: 'rtmdet' }));
    expect(message).toMatch(/cannot be RTMDet.*\[1, 525, 8\]/);
  });
});

describe('names in metadata', () => {
  test.each([
    ["__import__('os').system('touch ran')"],
    ["{0: (() => require('fs').writeFileSync('ran', ''))()}"],
    ["{'__proto__': 'a', 'constructor': 'b', 2: 'c'}"],
    ["{0: 'a', 1: 'b"],
    ['['.repeat(100_000)],
  ])('%.40s is not run, and is reported as unreadable', async (names) => {
    const { model, notes } = await loadGraphModel(await written(await withMetadata({ names })));
    expect(model.classes).toEqual(['class 0', 'class 1', 'class 2']);
    expect(notes.join('\n')).toContain('names in its metadata cannot be read');
    expect(existsSync('ran')).toBe(false);
  });

  test('reads quotes, escapes, commas and other scripts as Python writes them', async () => {
    const names = `{0: "it's", 1: 'a "b", c: {d}', 2: 'caf\\u00e9 細胞'}`;
    const { model } = await loadGraphModel(await written(await withMetadata({ names })));
    expect(model.classes).toEqual(["it's", 'a "b", c: {d}', 'café 細胞']);
  });

  test.each([2, 4, 300_000])('refuses %i names for three classes in a short line', async (count) => {
    const names = `{${Array.from({ length: count }, (_, i) => `${i}: 'n${i}'`).join(', ')}}`;
    expect(await refusal(await withMetadata({ names }))).toContain(
      `${count} class names, but its outputs have room for 3`,
    );
  });
});

describe('damaged and other files', () => {
  test.each([
    ['nothing', '', /is empty/],
    ['a text', 'This is no model.\n', /is not an ONNX file/],
    ['a web page', '<!DOCTYPE html><html></html>', /is a web page/],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0',
      /is a Git LFS pointer.*git lfs pull/,
    ],
    ['a zip file', 'PK\u0003\u0004and more of it', /is a zip file/],
    ['zeros', '\0'.repeat(4096), /is not an ONNX file/],
  ])('%s is named', async (_, text, message) => {
    expect(await refusal(text)).toMatch(message);
  });

  test('refuses a truncated file', async () => {
    const whole = await readFile(join(FIXTURES, 'twin-yolov8-3', 'model.onnx'));
    for (const part of [whole.subarray(0, whole.length / 2), whole.subarray(0, -10), whole.subarray(10)]) {
      expect(await refusal(part)).toMatch(/is not an ONNX file, or is truncated/);
    }
  });
});

describe('a graph that the runtime cannot run', () => {
  const loadError = async (bytes: Uint8Array) =>
    (await microYoloError(loadDetector(await written(bytes)))).message;

  test('names an unknown operator', async () => {
    const bytes = await changed('twin-yolov8-3', (model) => {
      model.graph!.node[0]!.opType = 'Frobnicate';
    });
    expect(await loadError(bytes)).toMatch(/lacks one of its operators.*Frobnicate/);
  });

  test('names a future operator set', async () => {
    const bytes = await changed('twin-yolov8-3', (model) => {
      model.opsetImport[0]!.version = 99n;
    });
    expect(await loadError(bytes)).toMatch(/operator set is too new for ONNX Runtime/);
  });

  test('reports weights that are all NaN', async () => {
    const bytes = await changed('twin-yolov8-3', (model) => {
      for (const tensor of model.graph!.initializer) {
        if (tensor.dataType === 1 && tensor.dims.length === 4)
          tensor.rawData = new Uint8Array(tensor.rawData.length).fill(255);
      }
    });
    await using detector = await loadDetector(await written(bytes));
    const picture = join(FIXTURES, 'pictures', 'small-97x61.png');
    const { message } = await microYoloError(detector.detect(picture));
    expect(message).toContain('is all NaN');
  });
});

describe('tensors in external files', () => {
  async function withFile(location: string): Promise<string> {
    const bytes = await changed('twin-yolov8-3', (model) => {
      const [tensor] = model.graph!.initializer;
      tensor!.dataLocation = 1;
      tensor!.rawData = new Uint8Array();
      tensor!.externalData = [create(StringStringEntryProtoSchema, { key: 'location', value: location })];
    });
    return written(bytes);
  }

  test('names a missing file', async () => {
    expect((await microYoloError(loadGraphModel(await withFile('weights.bin')))).message).toMatch(
      /weights\.bin: no such file/,
    );
  });

  test('refuses files outside the folder, also behind a link', async () => {
    await writeFile(join(folder, 'secret.bin'), new Uint8Array(20_000));
    for (const location of ['../secret.bin', join(folder, 'secret.bin')]) {
      expect((await microYoloError(loadGraphModel(await withFile(location)))).message).toContain(
        'outside its folder',
      );
    }
    const path = await withFile('link.bin');
    await symlink(join(folder, 'secret.bin'), join(path, '..', 'link.bin'));
    expect((await microYoloError(loadGraphModel(path))).message).toContain('outside its folder');
  });

  test('reports a file that is too short', async () => {
    const path = await withFile('weights.bin');
    await writeFile(join(path, '..', 'weights.bin'), new Uint8Array(4));
    expect((await microYoloError(loadDetector(path))).message).toMatch(/shorter than expected/);
  });
});
