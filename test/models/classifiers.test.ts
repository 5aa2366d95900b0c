import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { elementCount } from '../../src/foundation/element-count.ts';
import { uniformRandom } from '../../src/foundation/random.ts';
import type { Tensor, Tensors } from '../../src/graph/operations.ts';
import { float32Entries, readModel } from '../../src/models/formats/safetensors/model-file.ts';
import { writeSafetensors } from '../../src/models/formats/safetensors/safetensors.ts';
import { fromTorchvision, torchvisionOrder } from '../../src/models/formats/torchvision.ts';
import { forward } from '../../src/models/forward/forward.ts';
import { IMAGE_INPUT } from '../../src/models/forward/photograph.ts';
import type { Network } from '../../src/network/layers.ts';
import { networkParameters } from '../../src/network/parameters.ts';
import { buildClassifier } from '../../src/network/registry.ts';
import { importModel } from '../../src/tasks/models/import-model.ts';
import { relativeError, runGraph } from '../graph/run-graph.ts';
import { temporaryFolder } from '../temporary-files.ts';

/** What scripts/goldens/classifiers.py stores about a network. */
interface Golden {
  readonly gain: number;
  readonly tensors: Readonly<Record<string, readonly number[]>>;
  readonly logits: readonly (readonly number[])[];
}

const CLASSES = 16;
const [HEIGHT, WIDTH] = [64, 96];

const fixture = new URL('fixtures/classifiers.json', import.meta.url);
const goldens = JSON.parse(readFileSync(fixture, 'utf8')) as Readonly<Record<string, Golden>>;

/** FNV-1a of a name. */
function seed(name: string): number {
  return (
    [...name].reduce(
      (hash, character) => Math.imul(hash ^ character.charCodeAt(0), 0x01000193),
      0x811c9dc5,
    ) >>> 0
  );
}

/** Values from −1 to 1, the same as the script's. */
function uniform(name: string, count: number): Float32Array {
  const random = uniformRandom(seed(name));
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

type Kind = 'kernel' | 'scale' | 'variance' | 'shift';

function fill(name: string, shape: readonly number[], kind: Kind, fanIn: number, gain: number): Tensor {
  const bound = gain * Math.sqrt(6 / fanIn);
  const of: Readonly<Record<Kind, (drawn: number) => number>> = {
    kernel: (drawn) => drawn * bound,
    scale: (drawn) => 1 + 0.3 * drawn,
    variance: (drawn) => 1 + 0.5 * Math.abs(drawn),
    shift: (drawn) => 0.2 * drawn,
  };
  return { shape, data: uniform(name, elementCount(shape)).map(of[kind]) };
}

async function logits(network: Network, weights: Tensors): Promise<Tensor> {
  const data = new Float32Array(2 * 3 * HEIGHT * WIDTH);
  for (const index of [0, 1]) data.set(uniform(`image ${index}`, data.length / 2), (index * data.length) / 2);
  const graph = forward(network, 'inference');
  const found = await runGraph(
    { graph, tensors: weights },
    { [IMAGE_INPUT]: { shape: [2, 3, HEIGHT, WIDTH], data } },
  );
  return found['head.classes'] as Tensor;
}

const options = { classes: CLASSES, size: { height: HEIGHT, width: WIDTH }, softmax: false };

function expectLogits(found: Tensor, golden: Golden): void {
  const expected = { shape: [2, CLASSES], data: Float32Array.from(golden.logits.flat()) };
  expect(relativeError(found, expected)).toBeLessThan(1e-4);
}

function torchWeights({ tensors, gain }: Golden): Tensors {
  return new Map(
    Object.entries(tensors).map(([name, shape]): [string, Tensor] => {
      const kinds: Readonly<Record<string, Kind>> = {
        running_mean: 'shift',
        running_var: 'variance',
        bias: 'shift',
      };
      const kind = kinds[name.split('.').at(-1)!] ?? (shape.length > 1 ? 'kernel' : 'scale');
      return [name, fill(name, shape, kind, elementCount(shape.slice(1)), gain)];
    }),
  );
}

describe("a torchvision weights file gives torchvision's logits", async () => {
  const folder = temporaryFolder();

  test.each([
    ['mobilenet_v2', 'mobilenet-v2'],
    ['mobilenet_v3_large', 'mobilenet-v3-large'],
    ['mobilenet_v3_small', 'mobilenet-v3-small'],
    ['mnasnet1_0', 'mnasnet-b1'],
    ['shufflenet_v2_x1_0', 'shufflenet-v2:1'],
    ['efficientnet_b0', 'efficientnet-b0'],
  ])('for %s as %s', async (theirs, ours) => {
    const golden = goldens[theirs]!;
    const [weights, out] = [
      join(folder, `${theirs}.safetensors`),
      join(folder, `${theirs}.ours.safetensors`),
    ];
    await writeSafetensors(weights, { tensors: float32Entries(torchWeights(golden)), metadata: {} });
    await importModel({ weights, network: ours, size: { height: HEIGHT, width: WIDTH }, out });
    const model = await readModel(out);
    const layers = model.network.layers.map((layer) =>
      layer.type === 'classes' ? { ...layer, softmax: false } : layer,
    );
    expectLogits(await logits({ ...model.network, layers }, model.weights), golden);
    expect(model.classes).toHaveLength(CLASSES);
    expect(model.recipe).toMatchObject({ resize: 'crop', mean: [123.675, 116.28, 103.53] });
    await expect(importModel({ weights, network: 'shufflenet-v2:0.5', out })).rejects.toThrow(
      /\.safetensors: .*; pass weights of a torchvision model of the same kind/,
    );
  });
});

/** A golden whose names start with the position in the network: `of` converts each to ours. */
function numbered(
  network: Network,
  golden: Golden,
  of: (name: string, ours: readonly number[]) => Tensor,
): Tensors {
  const parameters = networkParameters(network);
  const names = Object.keys(golden.tensors).sort();
  expect(names).toHaveLength(parameters.length);
  return new Map(parameters.map(({ name, shape }, index) => [name, of(names[index]!, shape)]));
}

describe("timm's weights give timm's logits", () => {
  test.each([
    ['mobilenetv1_100', 'mobilenet-v1:activation=relu6'],
    ['semnasnet_100', 'mnasnet-a1'],
    ['efficientnet_lite0', 'efficientnet-lite0'],
    ['ghostnet_100', 'ghostnet'],
  ])('for %s in %s', async (theirs, ours) => {
    const network = buildClassifier(ours, options);
    const golden = goldens[theirs]!;
    const drawn = torchWeights(golden);
    // A 1×1 convolution on a single pixel is a dense layer here.
    const weights = numbered(network, golden, (name, shape) => {
      const { shape: theirShape, data } = drawn.get(name)!;
      expect(theirShape.filter((size, axis) => axis < shape.length || size > 1)).toEqual(shape);
      return { shape, data };
    });
    expectLogits(await logits(network, weights), golden);
  });
});

describe("Keras's weights give Keras's logits with its padding and norms", () => {
  /** Between Keras's order of axes and ours: [k, k, in, out] → [out, in, k, k], depthwise [k, k, c, 1] → [c, 1, k, k]. */
  function kernel({ shape, data }: Tensor, ours: readonly number[]): Tensor {
    if (shape.length === 1) return { shape, data };
    const [rows, columns, inputs, outputs] = shape.length === 2 ? [1, 1, ...shape] : shape;
    const turned = new Float32Array(data.length);
    const isDepthwise = outputs === 1 && inputs! > 1;
    let from = 0;
    for (let y = 0; y < rows!; y++)
      for (let x = 0; x < columns!; x++)
        for (let i = 0; i < inputs!; i++)
          for (let o = 0; o < outputs!; o++) {
            const plane = isDepthwise ? i : o * inputs! + i;
            turned[(plane * rows! + y) * columns! + x] = data[from++] as number;
          }
    return { shape: ours, data: turned };
  }

  test.each([
    ['keras_mobilenet', 'mobilenet-v1:activation=relu6'],
    ['keras_mobilenet_v2', 'mobilenet-v2:width=1'],
  ])('for %s in %s', async (theirs, ours) => {
    const golden = goldens[theirs]!;
    const network = buildClassifier(`${ours},conventions=keras`, options);
    const weights = numbered(network, golden, (name, shape) => {
      const theirShape = golden.tensors[name]!;
      const kinds: Readonly<Record<string, Kind>> = {
        gamma: 'scale',
        moving_mean: 'shift',
        moving_variance: 'variance',
      };
      const kind = kinds[name.split('/').at(-1)!] ?? (theirShape.length > 1 ? 'kernel' : 'shift');
      const isDepthwise = theirShape.length === 4 && theirShape[3] === 1;
      const fanIn = elementCount(theirShape.slice(0, isDepthwise ? 2 : -1));
      return kernel(fill(name, theirShape, kind, fanIn, golden.gain), shape);
    });
    expectLogits(await logits(network, weights), golden);
    // Without Keras's padding they would differ.
    const even = buildClassifier(ours, options);
    await expect(logits(even, weights).then((found) => expectLogits(found, golden))).rejects.toThrow();
  });
});

test('torchvision modules are sorted by number, not as text', () => {
  expect(
    torchvisionOrder([
      'classifier.1.bias',
      'features.10.conv.0.weight',
      'features.2.conv.1.running_var',
      'features.2.conv.1.weight',
      'features.2.conv.1.num_batches_tracked',
      'features.2.conv.1.bias',
      'classifier.1.weight',
    ]),
  ).toEqual([
    'features.2.conv.1.weight',
    'features.2.conv.1.bias',
    'features.2.conv.1.running_var',
    'features.10.conv.0.weight',
    'classifier.1.weight',
    'classifier.1.bias',
  ]);
});

test('refuses weights of another network', () => {
  const weights = torchWeights(goldens['mobilenet_v2']!);
  expect(() => fromTorchvision(buildClassifier('mnasnet-b1', options), weights)).toThrow(
    'there; pass weights of a torchvision model of the same kind, width and number of classes',
  );
  expect(() => fromTorchvision(buildClassifier('mobilenet-v2:0.5', options), weights)).toThrow(
    'tensor features.0.0.weight of 32×3×3×3, mobilenet-v2:0.5 has backbone.0.0.conv.weight of 16×3×3×3 there',
  );
  expect(() => fromTorchvision(buildClassifier('ghostnet', options), weights)).toThrow(
    '262 tensors, ghostnet has',
  );
});
