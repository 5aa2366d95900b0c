import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { elementCount } from '../../../src/foundation/element-count.ts';
import { MicroYoloError } from '../../../src/foundation/errors/errors.ts';
import { normalRandom, uniformRandom } from '../../../src/foundation/random.ts';
import type { Tensor } from '../../../src/graph/operations.ts';
import { runReference } from '../../../src/graph/reference/run.ts';
import { readModel, writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { forward } from '../../../src/models/forward/forward.ts';
import { IMAGE_INPUT } from '../../../src/models/forward/photograph.ts';
import { DEFAULT_RECIPE } from '../../../src/models/model.ts';
import { convBlock, depthwiseBlock } from '../../../src/network/blocks/conv-block.ts';
import { squeezeExcite } from '../../../src/network/blocks/squeeze-excite.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import { channelGroups } from '../../../src/network/channels/groups.ts';
import { removeChannels } from '../../../src/network/channels/remove.ts';
import type { Network } from '../../../src/network/layers.ts';
import { buildNetwork } from '../../../src/network/registry.ts';
import { inferShapes } from '../../../src/network/shapes.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { randomWeights } from '../random-weights.ts';
import { thinned, withoutReaders } from './removal.ts';

type Body = (
  builder: NetworkBuilder,
  block: (name: string, input: string, outChannels: number) => string,
) => string;

/** A detector of two classes; `body` appends its layers to the image. */
function detector(body: Body): Network {
  const builder = new NetworkBuilder([3, 8, 8]);
  const last = body(builder, (name, input, outChannels) =>
    convBlock(builder, name, input, { outChannels, kernel: 3, activation: 'relu' }),
  );
  const logits = builder.conv('logits', last, { outChannels: 7, kernel: 1, bias: true });
  builder.yolo('head', logits, { anchors: [[4, 4]], classes: 2 });
  return builder.build('small');
}

const cases: Readonly<Record<string, Body>> = {
  'nested concat': (builder, block) => {
    const [a, b, c] = [block('a', 'input', 5), block('b', 'input', 4), block('c', 'input', 3)];
    const inner = builder.concat('inner', [a, b]);
    return block('d', builder.concat('outer', [c, inner, a]), 6);
  },
  'concat, then slice across its parts': (builder, block) => {
    const joined = builder.concat('join', [block('a', 'input', 6), block('b', 'input', 6)]);
    return block('c', builder.slice('part', joined, 4, 10), 6);
  },
  'slices that are added': (builder, block) => {
    const wide = block('a', 'input', 8);
    return builder.sum('sum', [builder.slice('left', wide, 0, 4), builder.slice('right', wide, 4, 8)]);
  },
  shuffle: (builder, block) => {
    const shuffled = builder.shuffle('shuffle', block('a', 'input', 12), 3);
    return block('b', builder.slice('half', shuffled, 0, 6), 4);
  },
  'grouped convolution': (builder, block) => {
    const grouped = builder.conv('grouped', block('a', 'input', 12), {
      outChannels: 8,
      kernel: 3,
      groups: 4,
    });
    return block('b', builder.batchNorm('norm', grouped), 4);
  },
  'depthwise convolution that makes two maps of each': (builder, block) => {
    const twice = builder.conv('twice', block('a', 'input', 6), { outChannels: 12, kernel: 3, groups: 6 });
    return block('b', twice, 4);
  },
  'squeeze and excitation': (builder, block) => squeezeExcite(builder, 'gate', block('a', 'input', 8), 4),
  'a gate of one channel': (builder, block) => {
    const wide = block('a', 'input', 8);
    const gate = builder.activation(
      'gate',
      builder.conv('one', wide, { outChannels: 1, kernel: 1 }),
      'sigmoid',
    );
    return builder.multiply('gated', wide, gate);
  },
  'layers of one channel': (builder, block) => {
    const one = block('one', block('a', 'input', 6), 1);
    return block('b', depthwiseBlock(builder, 'spatial', one, { kernel: 3 }), 5);
  },
  'a dense layer on a map': (builder, block) => {
    const map = block('a', 'input', 5);
    const scale = builder.dense(
      'scale',
      builder.activation('hidden', builder.dense('few', map, 4), 'tanh'),
      5,
    );
    return builder.multiply('scaled', map, scale);
  },
  'layers that nothing reads': (_, block) => {
    block('unread', 'input', 4);
    return block('a', 'input', 4);
  },
};

function outputOf(network: Network, weights: ReadonlyMap<string, Tensor>): ArrayLike<number> {
  const shape = [1, ...network.input];
  const normal = normalRandom(uniformRandom(8));
  const image = { shape, data: new Float32Array(elementCount(shape)).map(normal) };
  const graph = forward(network, 'inference', { batch: 1 });
  return runReference(graph, new Map([...weights, [IMAGE_INPUT, image]])).get('head')!.data;
}

test.for(Object.entries(cases))('%s: gives the same without channels that nothing reads', ([, body]) => {
  const network = detector(body);
  const weights = randomWeights(network, 4);
  for (const seed of [1, 2, 3]) {
    const thin = thinned(network, { share: 0.5, seed });
    const before = outputOf(network, withoutReaders(network, thin, weights));
    const after = outputOf(thin.network, thin.thin(weights));
    for (let i = 0; i < before.length; i++) expect(after[i]).toBeCloseTo(before[i]!, 6);
  }
});

const named = (body: Body) =>
  channelGroups(detector(body)).map(({ layers, units }) => [layers, units.length]);

describe('groups', () => {
  test('contain channels that are added together', () => {
    const groups = named((builder, block) =>
      builder.sum('sum', [block('a', 'input', 4), block('b', 'input', 4)]),
    );
    expect(groups).toEqual([[['a.conv', 'a.norm', 'b.conv', 'b.norm'], 4]]);
  });

  test('split the parts of a concat', () => {
    expect(named(cases['nested concat']!)).toEqual([
      [['a.conv', 'a.norm'], 5],
      [['b.conv', 'b.norm'], 4],
      [['c.conv', 'c.norm'], 3],
      [['d.conv', 'd.norm'], 6],
    ]);
  });

  test('pair the channels that a shuffle of two parts mixes', () => {
    const groups = channelGroups(
      detector((builder, block) => builder.shuffle('s', block('a', 'input', 6), 2)),
    );
    expect(
      groups.map(({ units }) => units.map((unit) => unit.filter(({ layer }) => layer === 'a.conv'))),
    ).toEqual([[0, 1, 2].map((i) => [i, i + 3].map((channel) => ({ layer: 'a.conv', channel })))]);
  });

  test('have unique names, which narrowing the first ones does not change', () => {
    const network = buildNetwork('shufflenet-v2:0.5/yolo-tiny', { size: 64, classes: 3 });
    const before = channelGroups(network);
    const names = before.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, units } of before.filter(({ units }) => units.length > 2)) {
      const { network: thin } = removeChannels(network, [units[0]![0]!, units[1]![0]!]);
      const after = channelGroups(thin);
      expect(after.map((group) => group.name).toSorted()).toEqual(names.toSorted());
      expect(after.find((group) => group.name === name)!.units).toHaveLength(units.length - 2);
    }
  });

  test('exclude heads, and gates that all channels share', () => {
    const layers = channelGroups(detector(cases['a gate of one channel']!)).flatMap((group) => group.layers);
    expect(layers).toEqual(['a.conv', 'a.norm']);
  });
});

describe('removing', () => {
  const network = detector(cases['nested concat']!);
  const attempt = (layer: string, channels: readonly number[]) => () =>
    removeChannels(
      network,
      channels.map((channel) => ({ layer, channel })),
    );

  test('removes a channel from every layer that has it', () => {
    const { network: thin } = removeChannels(network, [{ layer: 'a.act', channel: 1 }]);
    const shapes = inferShapes(thin);
    expect(['a.conv', 'inner', 'outer'].map((name) => shapes.get(name)![0])).toEqual([4, 8, 15]);
  });

  test('keeps the training state that belongs to a parameter', () => {
    const thin = removeChannels(network, [{ layer: 'b.conv', channel: 0 }]);
    const state = new Map(
      [...randomWeights(network, 2)].map(([name, tensor]) => [`average/${name}`, tensor]),
    );
    const left = thin.thin(new Map([...state, ['other', { shape: [2], data: new Float32Array(2) }]]));
    expect(left.get('average/d.conv.weight')!.shape).toEqual([6, 16, 3, 3]);
    expect(left.get('average/b.norm.running_var')!.data).toEqual(
      state.get('average/b.norm.running_var')!.data.subarray(1),
    );
    expect(left.get('other')!.shape).toEqual([2]);
  });

  test.for([
    ['c.conv', [0, 1, 2], 'layer c.conv: none of its 3 channels would stay'],
    ['logits', [0], 'channel 0 of logits: is used by an output'],
    ['a.conv', [5], 'channel 5 of a.conv: small has no such channel'],
    ['nowhere', [0], 'channel 0 of nowhere: small has no such channel'],
    ['input', [0], 'channel 0 of input: is used by an output'],
  ] as const)('of %s %j is refused', ([layer, channels, message]) => {
    expect(attempt(layer, channels)).toThrow(MicroYoloError);
    expect(attempt(layer, channels)).toThrow(message);
  });
});

test('the remaining network reads back from a model file as it was written', async () => {
  const path = join(temporaryFolder(), 'thin.safetensors');
  const network = detector(cases['squeeze and excitation']!);
  const thin = thinned(network);
  const weights = thin.thin(randomWeights(network, 4));
  await writeModel(path, {
    network: thin.network,
    weights,
    classes: ['a', 'b'],
    recipe: DEFAULT_RECIPE,
    provenance: {},
  });
  const read = await readModel(path);
  expect(read.network).toEqual(thin.network);
  expect(outputOf(read.network, read.weights)).toEqual(outputOf(thin.network, weights));
});
