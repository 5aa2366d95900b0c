import { describe, expect, test } from 'vitest';
import { normalRandom, uniformRandom } from '../../../src/foundation/random.ts';
import { GraphBuilder } from '../../../src/graph/builder.ts';
import type { Graph, Tensor, Tensors, Value } from '../../../src/graph/operations.ts';
import { type BoundGraph, foldConvolutions } from '../../../src/graph/passes/fold.ts';
import { forward } from '../../../src/models/forward/forward.ts';
import { buildDetector, detectorNames } from '../../../src/network/registry.ts';
import { randomWeights } from '../../network/random-weights.ts';
import { relativeError, runGraph } from '../run-graph.ts';

const SHAPE = [2, 4, 5, 6] as const;

/** Contents for every parameter: normally distributed, except that variances are positive. */
function randomTensors(graph: Graph, seed: number): Tensors {
  const normal = normalRandom(uniformRandom(seed));
  return new Map(
    graph.parameters.map(({ name, value }): [string, Tensor] => {
      const shape = value.shape as readonly number[];
      const data = new Float32Array(shape.reduce((product, size) => product * size, 1)).map(normal);
      return [name, { shape, data: name.endsWith('var') ? data.map((v) => Math.abs(v) + 0.1) : data }];
    }),
  );
}

/** A graph from `image` [batch, 4, 5, 6] to the outputs that `record` names. */
function bound(record: (graph: GraphBuilder, image: Value) => Readonly<Record<string, Value>>): BoundGraph {
  const builder = new GraphBuilder();
  const outputs = record(builder, builder.input('image', ['batch', ...SHAPE.slice(1)]));
  for (const [name, value] of Object.entries(outputs)) builder.output(name, value);
  const graph = builder.build();
  return { graph, tensors: randomTensors(graph, 3) };
}

function conv(graph: GraphBuilder, x: Value, name: string, bias = false, groups = 1): Value {
  const weight = graph.parameter(`${name}.weight`, [4, 4 / groups, 3, 3]);
  const parameters = bias ? [weight, graph.parameter(`${name}.bias`, [4])] : [weight];
  return graph.apply({ op: 'conv', stride: 1, padding: [1, 1, 1, 1], groups }, x, ...parameters);
}

function norm(graph: GraphBuilder, x: Value, name: string): Value {
  const parameters = ['weight', 'bias', 'mean', 'var'].map((key) => graph.parameter(`${name}.${key}`, [4]));
  return graph.apply({ op: 'batchNorm', epsilon: 1e-3 }, x, ...parameters);
}

const linear = (graph: GraphBuilder, x: Value, factor: number, offset: number) =>
  graph.apply({ op: 'linear', factor, offset }, x);

const operations = ({ graph }: BoundGraph) => graph.nodes.map(({ operation }) => operation.op);

const normal = normalRandom(uniformRandom(4));
const image = { shape: SHAPE, data: new Float32Array(2 * 4 * 5 * 6).map(normal) };

const cases: readonly (readonly [title: string, graph: BoundGraph, left: readonly string[]])[] = [
  ['puts a norm into its conv', bound((g, x) => ({ y: norm(g, conv(g, x, 'c'), 'n') })), ['conv']],
  [
    'puts a norm into its conv with bias',
    bound((g, x) => ({ y: norm(g, conv(g, x, 'c', true), 'n') })),
    ['conv'],
  ],
  [
    'puts a norm into its depthwise conv',
    bound((g, x) => ({ y: norm(g, conv(g, x, 'c', true, 4), 'n') })),
    ['conv'],
  ],
  [
    'puts two norms into the conv before them',
    bound((g, x) => ({ y: norm(g, norm(g, conv(g, x, 'c'), 'n'), 'm') })),
    ['conv'],
  ],
  [
    'puts a factor into the conv behind it',
    bound((g, x) => ({ y: conv(g, linear(g, x, 1 / 255, 0), 'c', true) })),
    ['conv'],
  ],
  [
    'puts both a factor and a norm into the conv between them',
    bound((g, x) => ({ y: norm(g, conv(g, linear(g, x, 0.5, 0), 'c', true), 'n') })),
    ['conv'],
  ],
  [
    'leaves an offset, which zero padding does not have',
    bound((g, x) => ({ y: conv(g, linear(g, x, 0.5, -1), 'c') })),
    ['linear', 'conv'],
  ],
  [
    'leaves a factor that two convs read',
    bound((g, x) => {
      const scaled = linear(g, x, 0.5, 0);
      return { y: g.binary('add', conv(g, scaled, 'c'), conv(g, scaled, 'd')) };
    }),
    ['linear', 'conv', 'conv', 'binary'],
  ],
  [
    'leaves a norm whose conv is read twice',
    bound((g, x) => {
      const source = conv(g, x, 'c');
      return { y: g.binary('add', source, norm(g, source, 'n')) };
    }),
    ['conv', 'batchNorm', 'binary'],
  ],
  [
    'leaves a norm whose conv is an output',
    bound((g, x) => {
      const source = conv(g, x, 'c');
      return { source, y: norm(g, source, 'n') };
    }),
    ['conv', 'batchNorm'],
  ],
  [
    'leaves a norm that follows no conv',
    bound((g, x) => ({ y: norm(g, g.unary('relu', conv(g, x, 'c')), 'n') })),
    ['conv', 'unary', 'batchNorm'],
  ],
  [
    'keeps apart the norms of two convs that share a weight',
    bound((g, x) => ({ y: norm(g, conv(g, x, 'c'), 'n'), z: norm(g, conv(g, x, 'c'), 'm') })),
    ['conv', 'conv'],
  ],
];

describe('foldConvolutions', () => {
  test.each(cases)('%s', (_, graph, left) => {
    expect(operations(foldConvolutions(graph))).toEqual(left);
  });

  test.each(cases)('keeps the outputs if it %s', async (_, graph) => {
    const expected = await runGraph(graph, { image });
    const actual = await runGraph(foldConvolutions(graph), { image });
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
    for (const [name, tensor] of Object.entries(expected))
      expect(relativeError(actual[name], tensor)).toBeLessThan(1e-5);
  });

  test('keeps only the parameters that are read', () => {
    const { graph, tensors } = foldConvolutions(cases[0]![1]);
    expect(graph.parameters.map(({ name }) => name)).toEqual([...tensors.keys()]);
    expect(tensors.size).toBe(2);
  });

  test('does not change its argument', () => {
    const [, given] = cases[0]!;
    const before = structuredClone(given);
    foldConvolutions(given);
    expect(given).toEqual(before);
  });
});

describe.each(detectorNames)('%s', (name) => {
  const network = buildDetector(name, { size: 64, classes: 3 });
  const detector = { graph: forward(network, 'inference'), tensors: randomWeights(network, 5) };

  test('keeps no batch norm', () => {
    const hasNorms = network.layers.some(({ type }) => type === 'batchNorm');
    expect(operations(detector).includes('batchNorm')).toBe(hasNorms);
    expect(operations(foldConvolutions(detector))).not.toContain('batchNorm');
  });

  test('keeps the outputs when folded', async () => {
    const photo = { shape: [2, 3, 64, 64], data: new Float32Array(2 * 3 * 64 * 64).map(normal) };
    const expected = await runGraph(detector, { image: photo });
    const actual = await runGraph(foldConvolutions(detector), { image: photo });
    for (const [head, tensor] of Object.entries(expected))
      expect(relativeError(actual[head], tensor)).toBeLessThan(1e-4);
  });
});
