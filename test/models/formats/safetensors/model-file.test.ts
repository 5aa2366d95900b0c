import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharedValues, shareWeights } from '../../../../src/compression/share/share-weights.ts';
import { MicroYoloError } from '../../../../src/foundation/errors/errors.ts';
import { uniformRandom } from '../../../../src/foundation/random.ts';
import {
  readModel,
  readModelDescription,
  writeCodedModel,
  writeModel,
} from '../../../../src/models/formats/safetensors/model-file.ts';
import {
  readSafetensors,
  type SafetensorsEntry,
  writeSafetensors,
} from '../../../../src/models/formats/safetensors/safetensors.ts';
import { encodeShared } from '../../../../src/models/formats/shared/shared-tensor.ts';
import { DEFAULT_RECIPE, type Model } from '../../../../src/models/model.ts';
import { convBlock } from '../../../../src/network/blocks/conv-block.ts';
import { NetworkBuilder } from '../../../../src/network/builder.ts';
import { microYoloError } from '../../../micro-yolo-error.ts';
import { randomWeights } from '../../../network/random-weights.ts';
import { temporaryFolder } from '../../../temporary-files.ts';

function smallModel(): Model {
  const builder = new NetworkBuilder([3, 8, 8]);
  const options = { outChannels: 4, kernel: 3, activation: { function: 'leakyRelu', slope: 0.1 } } as const;
  const block = convBlock(builder, 'block', 'input', options);
  const logits = builder.conv('logits', block, { outChannels: 7, kernel: 1, bias: true });
  builder.yolo('head', logits, { anchors: [[3, 4.5]], classes: 2, scaleXY: 1.05 });
  const network = builder.build('small');
  return {
    network,
    weights: randomWeights(network, 1),
    classes: ['cat', 'chien à poil'],
    recipe: { ...DEFAULT_RECIPE, colorOrder: 'bgr', mean: 127.5 },
    provenance: { source: 'test', 'training data': 'none' },
  };
}

const model = smallModel();

const folder = temporaryFolder();
let path: string;
beforeAll(async () => {
  path = join(folder, 'model.safetensors');
  await writeModel(path, model);
});
type Tensors = Map<string, SafetensorsEntry>;
/** The description stored in the file, untyped so that tests can break it. */
// biome-ignore lint/suspicious/noExplicitAny: what is tested is JSON of any form
type Description = any;

/** Writes a file like the model's, after a change to its description or tensors. */
async function changed(change: (description: Description, tensors: Tensors) => unknown): Promise<string> {
  const { metadata, tensors } = await readSafetensors(path);
  const description = JSON.parse(metadata['micro-yolo']!);
  const copy = new Map(tensors);
  change(description, copy);
  const target = join(folder, 'changed.safetensors');
  const text = { ...metadata, 'micro-yolo': JSON.stringify(description) };
  await writeSafetensors(target, { tensors: copy, metadata: text });
  return target;
}

describe('a model file', () => {
  test('reads back as it was written', async () => {
    expect(await readModel(path)).toEqual(model);
  });

  test('gives its description without its weights', async () => {
    const { weights: _, ...description } = model;
    expect(await readModelDescription(path)).toEqual(description);
  });

  test('is the same to the byte if written twice', async () => {
    const again = join(folder, 'again.safetensors');
    await writeModel(again, model);
    expect(Buffer.compare(await readFile(again), await readFile(path))).toBe(0);
  });

  test('has its own weights, not views of the file', async () => {
    const { weights } = await readModel(path);
    for (const { data } of weights.values()) expect(data.byteLength).toBe(data.buffer.byteLength);
  });

  test('can hold float16 weights, read as float32', async () => {
    const bits = [0x3c00, 0xb800, 0x0001, 0x7bff];
    const half = await changed((_, tensors) => {
      for (const [name, { shape, bytes }] of tensors) {
        const halves = Uint16Array.from({ length: bytes.length / 4 }, (_, i) => bits[i % 4]!);
        tensors.set(name, { type: 'F16', shape, bytes: new Uint8Array(halves.buffer) });
      }
    });
    const { weights } = await readModel(half);
    expect(weights.get('block.norm.bias')).toEqual({
      shape: [4],
      data: Float32Array.of(1, -0.5, 2 ** -24, 65504),
    });
    expect([...weights.keys()]).toEqual([...model.weights.keys()]);
  });

  test('is not written if it could not be read back', async () => {
    const network = { ...model.network, layers: model.network.layers.filter(({ name }) => name !== 'head') };
    const target = join(folder, 'no-output.safetensors');
    const error = await microYoloError(writeModel(target, { ...model, network }));
    expect(error).toMatchObject({ code: 'unsupported' });
    expect(error.message).toContain('no-output.safetensors: its network has no output layer');
    expect(await readdir(folder)).not.toContain('no-output.safetensors');
  });

  test('can hold tensors that its network does not read', async () => {
    const more = await changed((_, tensors) =>
      tensors.set('extra', { type: 'U8', shape: [1], bytes: Uint8Array.of(1) }),
    );
    expect(await readModel(more)).toEqual(model);
  });
});

const brokenTensors: readonly (readonly [string, (tensors: Tensors) => unknown, string])[] = [
  [
    'a tensor missing',
    (tensors) => tensors.delete('block.norm.running_var'),
    'tensor block.norm.running_var is missing, but its network expects [4]; export it again',
  ],
  [
    'a tensor of another shape',
    (tensors) => tensors.set('logits.weight', { ...tensors.get('logits.weight')!, shape: [4, 7, 1, 1] }),
    'tensor logits.weight is [4, 7, 1, 1], but its network expects [7, 4, 1, 1]; export it again',
  ],
  [
    'a tensor of fewer axes',
    (tensors) => tensors.set('logits.weight', { ...tensors.get('logits.weight')!, shape: [28] }),
    'tensor logits.weight is [28], but its network expects [7, 4, 1, 1]; export it again',
  ],
  [
    'a tensor of another type',
    (tensors) =>
      tensors.set('logits.bias', { type: 'I32', shape: [7], bytes: tensors.get('logits.bias')!.bytes }),
    'tensor logits.bias is I32, expected F32 or F16; convert it first',
  ],
];

const conv = (description: Description) => description.network.layers[0];
const head = (description: Description) => description.network.layers.at(-1);
const brokenDescriptions: readonly (readonly [string, (description: Description) => unknown, string])[] = [
  ['another version', (d) => Object.assign(d, { version: 2 }), 'its description at version: '],
  ['no recipe', (d) => Object.assign(d, { recipe: undefined }), 'its description at recipe: '],
  ['an unknown field', (d) => Object.assign(d, { more: 1 }), 'its description at the top: '],
  [
    'an unknown field of a layer',
    (d) => Object.assign(conv(d), { dilation: 2 }),
    'its description at network.layers.0: ',
  ],
  [
    'a missing field of a layer',
    (d) => Object.assign(conv(d), { groups: undefined }),
    'its description at network.layers.0.groups: ',
  ],
  [
    'an unknown layer type',
    (d) => Object.assign(conv(d), { type: 'attention' }),
    'its description at network.layers.0.type: ',
  ],
  [
    'an unknown activation',
    (d) => Object.assign(d.network.layers[2], { function: 'maxout' }),
    'its description at network.layers.2.function: ',
  ],
  [
    'a stride of 0',
    (d) => Object.assign(conv(d), { stride: 0 }),
    'its description at network.layers.0.stride: ',
  ],
  [
    'a kernel of text',
    (d) => Object.assign(conv(d), { kernel: '3' }),
    'its description at network.layers.0.kernel: ',
  ],
  [
    'negative padding',
    (d) => Object.assign(conv(d), { padding: [0, 0, 0, -1] }),
    'its description at network.layers.0.padding.3: ',
  ],
  [
    'an anchor of no width',
    (d) => Object.assign(head(d), { anchors: [[0, 1]] }),
    'its description at network.layers.4.anchors.0.0: ',
  ],
  [
    'a standard deviation of 0',
    (d) => Object.assign(d.recipe, { std: 0 }),
    'its description at recipe.std: ',
  ],
  ['no layers', (d) => Object.assign(d.network, { layers: [] }), 'its description at network.layers: '],
  [
    'one class name too few',
    (d) => d.classes.pop(),
    '1 class names, but its network has 2 classes; expected a model written by micro-yolo',
  ],
  [
    'no class names',
    (d) => Object.assign(d, { classes: [] }),
    '0 class names, but its network has 2 classes; expected a model written by micro-yolo',
  ],
  [
    'a layer that reads none of the earlier ones',
    (d) => Object.assign(conv(d), { inputs: ['nowhere'] }),
    'layer block.conv (conv): reads nowhere, which is not an earlier layer; expected',
  ],
  [
    'layers that do not fit',
    (d) => Object.assign(conv(d), { groups: 2 }),
    'layer block.conv (conv): 3 → 4 channels, expected multiples of groups 2; expected',
  ],
  [
    'a head of other classes',
    (d) => Object.assign(head(d), { classes: 3 }),
    'layer head (yolo): 7 channels, expected anchors × (5 + classes) = 1 × 8 = 8; expected',
  ],
  ['no output layer', (d) => d.network.layers.pop(), 'its network has no output layer; expected'],
  [
    'heads that disagree on the classes',
    (d) =>
      d.network.layers.push({ type: 'classes', name: 'c', inputs: ['logits'], classes: 448, softmax: true }),
    'its outputs have 2 and 448 classes, expected the same number; expected',
  ],
  [
    'line breaks in its names',
    (d) => Object.assign(conv(d), { inputs: ['a\nb'] }),
    'layer block.conv (conv): reads a\\u000ab, which is not an earlier layer; expected',
  ],
  [
    'line breaks in its provenance',
    (d) => Object.assign(d.provenance, { 'a\nb': 1 }),
    'its description at provenance.a\\u000ab: ',
  ],
];

describe('a model file is refused in one line that names it', () => {
  test.each(brokenTensors)('with %s', async (_, change, problem) => {
    const broken = await changed((_, tensors) => change(tensors));
    const { message } = await microYoloError(readModel(broken));
    expect(message).toBe(`${broken}: ${problem}`);
  });

  describe.each([
    ['whole', readModel],
    ['without its weights', readModelDescription],
  ])('read %s', (_, read) => {
    test.each(brokenDescriptions)('with %s', async (_, change, problem) => {
      const broken = await changed(change);
      const { code, message } = await microYoloError(read(broken));
      expect(code).toBe('invalid-file');
      expect(message).toContain(`${broken}: ${problem}`);
      expect(message).toMatch(/^\P{Cc}*$/u);
    });

    test.each<[string, Readonly<Record<string, string>>, string]>([
      ['without metadata', {}, 'has no micro-yolo network in its metadata'],
      ['with metadata of other programs', { format: 'pt' }, 'has no micro-yolo network in its metadata'],
      ['with a description that is not JSON', { 'micro-yolo': '{' }, 'its network is not JSON'],
      ['with a description of null', { 'micro-yolo': 'null' }, 'its description at the top: '],
    ])('%s', async (_, metadata, problem) => {
      const { tensors } = await readSafetensors(path);
      const broken = join(folder, 'metadata.safetensors');
      await writeSafetensors(broken, { tensors, metadata });
      const { code, message } = await microYoloError(read(broken));
      expect(code).toBe('invalid-file');
      expect(message).toContain(`${broken}: ${problem}`);
    });
  });
});

describe('a failed write', () => {
  test('leaves the existing file unchanged and no other file', async () => {
    const place = join(folder, 'full');
    await mkdir(place);
    // The longest name that file systems allow leaves no room for the temporary file's suffix.
    const old = join(place, 'm'.repeat(255));
    await writeFile(old, 'old contents');
    const { code, message } = await microYoloError(writeModel(old, model));
    expect([code, message]).toEqual([
      'not-writable',
      `${old}: cannot be written (ENAMETOOLONG); choose a folder that exists and is writable`,
    ]);
    expect(await readFile(old, 'utf8')).toBe('old contents');
    expect(await readdir(place)).toHaveLength(1);
  });

  test.each([
    ['into a missing folder', 'missing/model.safetensors', 'ENOENT'],
    ['below a file', 'model.safetensors/model.safetensors', 'ENOTDIR'],
    ['onto a folder', 'taken', 'EISDIR'],
  ])('%s is reported in one line', async (_, name, reason) => {
    await mkdir(join(folder, 'taken'), { recursive: true });
    const target = join(folder, name);
    const { code, message } = await microYoloError(writeModel(target, model));
    expect(code).toBe('not-writable');
    expect(message).toBe(
      `${target}: cannot be written (${reason}); choose a folder that exists and is writable`,
    );
  });
});

test('a write replaces the whole file and leaves no other file', async () => {
  const place = join(folder, 'replaced');
  await mkdir(place);
  const target = join(place, 'model.safetensors');
  await writeFile(target, 'x'.repeat(1_000_000));
  await writeModel(target, model);
  expect(await readModel(target)).toEqual(model);
  expect(await readdir(place)).toEqual(['model.safetensors']);
});

test('keeps float32 for what halves cannot hold', async () => {
  const target = join(folder, 'half.safetensors');
  const [name, tensor] = [...model.weights][0]!;
  const data = Float32Array.from(tensor.data, (_, index) => (index === 0 ? 70_000 : 0.1));
  await writeModel(
    target,
    { ...model, weights: new Map([...model.weights, [name, { ...tensor, data }]]) },
    { half: true },
  );
  const { weights } = await readModel(target);
  expect(weights.get(name)!.data[0]).toBe(70_000);
  const [other, whole] = [...model.weights][1]!;
  expect(weights.get(other)!.data[0]).toBeCloseTo(whole.data[0]!, 3);
});

describe('shared weights', () => {
  const shared = new Map(
    ['block.conv.weight', 'logits.weight'].map((name) => [
      name,
      shareWeights(model.weights.get(name)!, { centers: 8 }),
    ]),
  );
  let file: string;
  beforeAll(async () => {
    file = join(folder, 'shared.safetensors');
    const coded = [...shared].map(
      ([name, tensor]) => [name, { shape: tensor.shape, bytes: encodeShared(tensor) }] as const,
    );
    await writeCodedModel(file, model, new Map(coded));
  });

  test('are read as the numbers they stand for; the others are unchanged', async () => {
    const read = await readModel(file);
    const expected = new Map(model.weights);
    for (const [name, tensor] of shared) expected.set(name, sharedValues(tensor));
    expect(read).toEqual({ ...model, weights: new Map([...expected].sort()) });
    expect(Object.keys(read)).not.toContain('shared');
  });

  test('with a flipped bit, truncated or extended, are an error or the same to the bit', async () => {
    const bytes = await readFile(file);
    const whole = await readModel(file);
    const random = uniformRandom(5);
    const target = join(folder, 'broken.safetensors');
    for (let round = 0; round < 300; round++) {
      const broken = Buffer.from(bytes);
      broken[Math.floor(random() * broken.length)]! ^= 1 << Math.floor(random() * 8);
      const cut = Math.floor(random() * broken.length);
      await writeFile(target, round % 10 === 0 ? bytes.subarray(0, cut) : broken);
      try {
        expect((await readModel(target)).weights).toEqual(whole.weights);
      } catch (error) {
        expect(error).toBeInstanceOf(MicroYoloError);
      }
    }
  });

  test('of a later version ask for an update', async () => {
    const { tensors, metadata } = await readSafetensors(file);
    const later = JSON.stringify({ ...JSON.parse(metadata['micro-yolo']!), version: 4 });
    await writeSafetensors(join(folder, 'later.safetensors'), {
      tensors,
      metadata: { ...metadata, 'micro-yolo': later },
    });
    const error = await microYoloError(readModel(join(folder, 'later.safetensors')));
    expect(error.code).toBe('unsupported');
    expect(error.message).toMatch(/version 4, expected at most 3; update micro-yolo/);
  });
});
