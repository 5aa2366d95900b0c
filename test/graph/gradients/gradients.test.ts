import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../src/graph/builder.ts';
import { gradients } from '../../../src/graph/gradients/gradients.ts';
import type { Operation, Value } from '../../../src/graph/operations.ts';
import { runReference } from '../../../src/graph/reference/run.ts';
import { largestError } from '../reference/largest-error.ts';
import { type Blocking, type GradientCase, type GradientOperation, gradientCases } from './cases.ts';
import { contentsOf, type Differentiable, inputName, lossGraph } from './differentiable.ts';
import { finiteDifferences } from './finite-differences.ts';

const indices = ({ shapes }: Differentiable) => shapes.map((_, index) => index);

/** Gradients of the requested inputs by name; by default, of all. */
const gradientsOf = (item: Differentiable, asked = indices(item)) =>
  runReference(lossGraph(item, asked), contentsOf(item));

function expectFiniteDifferences(item: Differentiable): void {
  const found = gradientsOf(item);
  const forward = lossGraph(item, []);
  for (const index of indices(item)) {
    const measured = finiteDifferences(forward, inputName(index), contentsOf(item));
    expect(largestError(found.get(`d${inputName(index)}`), measured), inputName(index)).toBeLessThan(1e-6);
  }
}

/** Gradient of Σ record(x) at x, both with this shape. */
function gradientAt(
  shape: readonly number[],
  x: readonly number[],
  record: (graph: GraphBuilder, x: Value) => Value,
): number[] {
  const graph = new GraphBuilder();
  const input = graph.input('x', shape);
  const loss = graph.reduce('sum', record(graph, input));
  graph.output('dx', gradients(graph, loss, [input])[0]!);
  return [...runReference(graph.build(), new Map([['x', { shape, data: x }]])).get('dx')!.data];
}

const cases = Object.entries(gradientCases).flatMap(([op, items]) =>
  items.map((item): [title: string, item: GradientCase, op: string] => [`${op} ${item.title}`, item, op]),
);

describe('the gradient of', () => {
  test.each(cases)('%s equals finite differences', (_, item) => {
    expectFiniteDifferences(item);
  });

  test.each(cases.filter(([, { shapes }]) => shapes.length > 1))(
    '%s is the same for each input on its own',
    (_, item) => {
      const together = gradientsOf(item);
      for (const index of indices(item)) {
        const name = `d${inputName(index)}`;
        expect(gradientsOf(item, [index]).get(name)).toEqual(together.get(name));
      }
    },
  );

  test.each(cases)('%s is that of the named operation', (_, item, op) => {
    expect(lossGraph(item, []).nodes.map(({ operation }) => operation.op)).toContain(op);
  });

  test.each<[string, Differentiable]>([
    [
      'a value used twice',
      { shapes: [[3, 4]], record: (graph, [x]) => graph.binary('multiply', graph.unary('exp', x!), x!) },
    ],
    [
      'a value used by two branches of different shapes',
      {
        shapes: [[3, 4]],
        record: (graph, [x]) => graph.binary('divide', x!, graph.reduce('sumOfSquares', x!, [1])),
      },
    ],
    [
      'a convolution, its norm and its activation',
      {
        shapes: [[2, 3, 5, 5], [4, 3, 3, 3], [4], [4]],
        record: (graph, [x, weight, gain, offset]) => {
          const conv = { op: 'conv', stride: 2, padding: [1, 1, 1, 1], groups: 1 } as const;
          const y = graph.apply(conv, x!, weight!);
          const z = graph.apply({ op: 'batchNormTraining', epsilon: 1e-3 }, y, gain!, offset!);
          return graph.binary('multiply', z, graph.unary('tanh', graph.unary('softplus', z)));
        },
      },
    ],
  ])('%s equals finite differences', (_, item) => {
    expectFiniteDifferences(item);
  });

  test('of a value that does not reach the loss is zero', () => {
    const item: Differentiable = { shapes: [[2], [2, 3]], record: (graph, [x]) => graph.unary('exp', x!) };
    expect(gradientsOf(item).get('dx1')).toEqual({ shape: [2, 3], data: new Float64Array(6) });
  });

  test('of the loss itself is one', () => {
    const graph = new GraphBuilder();
    const loss = graph.input('x', [1, 1]);
    graph.output('dx', gradients(graph, loss, [loss])[0]!);
    const outputs = runReference(graph.build(), new Map([['x', { shape: [1, 1], data: [5] }]]));
    expect(outputs.get('dx')).toEqual({ shape: [1, 1], data: Float64Array.of(1) });
  });

  test('exists for a value in the middle of a graph', () => {
    const graph = new GraphBuilder();
    const middle = graph.linear(graph.input('x', [2]), 3);
    const loss = graph.reduce('sum', graph.binary('multiply', middle, middle));
    graph.output('dmiddle', gradients(graph, loss, [middle])[0]!);
    const outputs = runReference(graph.build(), new Map([['x', { shape: [2], data: [1, -2] }]]));
    expect([...outputs.get('dmiddle')!.data]).toEqual([6, -12]);
  });
});

describe('nothing flows through', () => {
  const blocking: Readonly<Record<Exclude<Blocking, 'constant'>, (graph: GraphBuilder, x: Value) => Value>> =
    {
      compare: (graph, x) => graph.indicator('greater', x, graph.constant(0)),
      cast: (graph, x) => graph.apply({ op: 'cast', to: 'float32' }, x),
      topK: (graph, x) => graph.apply({ op: 'topK', k: 2 }, x),
      stopGradient: (graph, x) => graph.apply({ op: 'stopGradient' }, x),
    };
  test.each(Object.entries(blocking))('%s', (_, record) => {
    expect(gradientAt([3], [1, -2, 3], record)).toEqual([0, 0, 0]);
  });

  test('stopGradient, but flows past it', () => {
    const past = (graph: GraphBuilder, x: Value) =>
      graph.binary('multiply', x, graph.apply({ op: 'stopGradient' }, x));
    expect(gradientAt([3], [1, -2, 3], past)).toEqual([1, -2, 3]);
  });

  test('the condition of a where operation', () => {
    const chosen = (graph: GraphBuilder, x: Value) =>
      graph.where(graph.compare('greater', x, graph.constant(0)), graph.linear(x, 2), graph.linear(x, 5));
    expect(gradientAt([3], [1, -2, 3], chosen)).toEqual([2, 5, 2]);
  });
});

describe('if the gradient is not unique', () => {
  test('the equal pixels of a max-pool window share it evenly', () => {
    const pool = { op: 'maxPool', kernel: 2, stride: 2, padding: [0, 0, 0, 0] } as const;
    const x = [7, 7, 1, 3, 7, 0, 3, 3];
    expect(gradientAt([1, 1, 2, 4], x, (graph, input) => graph.linear(graph.apply(pool, input), 6))).toEqual([
      2, 2, 0, 2, 2, 0, 2, 2,
    ]);
  });

  test('equal pixels at the border of a padded max-pool share it without the padding', () => {
    const pool = { op: 'maxPool', kernel: 2, stride: 1, padding: [0, 0, 1, 1] } as const;
    expect(gradientAt([1, 1, 1, 2], [0, 0], (graph, x) => graph.apply(pool, x))).toEqual([0.5, 1.5]);
  });

  test('equal maxima of a reduction share it evenly', () => {
    expect(gradientAt([4], [2, 5, 5, 1], (graph, x) => graph.reduce('max', x))).toEqual([0, 0.5, 0.5, 0]);
  });

  test.each(['maximum', 'minimum'] as const)('equal inputs of a %s get half each', (name) => {
    const item = (graph: GraphBuilder, x: Value) => graph.binary(name, x, graph.constant([1, 2, 3], [3]));
    expect(gradientAt([3], [2, 2, 2], item)).toEqual(name === 'maximum' ? [1, 0.5, 0] : [0, 0.5, 1]);
  });

  test.each<[string, Operation, number]>([
    ['relu', { op: 'unary', function: 'relu' }, 0],
    ['leakyRelu', { op: 'leakyRelu', slope: 0.25 }, 0.25],
    ['abs', { op: 'unary', function: 'abs' }, 0],
    ['clip from 0', { op: 'clip', min: 0, max: 1 }, 0],
    ['clip to 0', { op: 'clip', min: -1, max: 0 }, 0],
    ['hardSigmoid at its foot', { op: 'hardSigmoid', slope: 1, offset: 0 }, 0],
  ])('%s has a fixed gradient at 0', (_, operation, expected) => {
    expect(gradientAt([1], [0], (graph, x) => graph.apply(operation, x))).toEqual([expected]);
  });
});

describe('no gradient is recorded', () => {
  const pool = { kernel: 2, stride: 2, padding: [0, 0, 0, 0] } as const;
  const map = [1, 1, 2, 2];
  const pooled = [1, 1, 1, 1];
  // A record, so that a new operation of the union does not compile until it is listed here or among the cases.
  const gradientOperations: Readonly<
    Record<GradientOperation, readonly [Operation, ...(readonly number[])[]]>
  > = {
    convGradInput: [
      { op: 'convGradInput', stride: 2, padding: [0, 0, 0, 0], groups: 1, height: 2, width: 2 },
      pooled,
      map,
    ],
    convGradFilter: [
      { op: 'convGradFilter', stride: 2, padding: [0, 0, 0, 0], groups: 1, kernel: 2 },
      map,
      pooled,
    ],
    batchNormGrad: [{ op: 'batchNormGrad', epsilon: 1 }, map, [1], [1], [1], map],
    maxPoolGrad: [{ op: 'maxPoolGrad', ...pool }, map, pooled, pooled],
    avgPoolGrad: [{ op: 'avgPoolGrad', ...pool, height: 2, width: 2 }, pooled],
    leakyReluGrad: [{ op: 'leakyReluGrad', slope: 0 }, [1], [1]],
    siluGrad: [{ op: 'siluGrad' }, [1], [1], [1]],
    clipGrad: [{ op: 'clipGrad', min: 0, max: 1 }, [1], [1]],
  };

  test.each(Object.entries(gradientOperations))(
    'of %s, which is a gradient',
    (name, [operation, ...shapes]) => {
      const graph = new GraphBuilder();
      const inputs = shapes.map((shape, index) => graph.input(inputName(index), shape));
      const loss = graph.reduce('sum', graph.apply(operation, ...inputs));
      expect(() => gradients(graph, loss, inputs)).toThrow(`${name}: second derivatives are not supported`);
    },
  );

  test("of a loss that reads the batch's statistics", () => {
    const graph = new GraphBuilder();
    const inputs = [[2, 3, 2, 2], [3], [3]].map((shape, index) => graph.input(inputName(index), shape));
    const [, mean] = graph.record({ op: 'batchNormTraining', epsilon: 1 }, inputs);
    expect(() => gradients(graph, graph.reduce('sum', mean!), inputs)).toThrow(
      'batchNormTraining: a gradient flows into an output that cannot propagate it',
    );
  });

  test.each<[string, Operation]>([
    ['a mean', { op: 'reduce', function: 'mean', axes: [0] }],
    ['a slice', { op: 'slice', axis: 0, start: 0, end: 1 }],
  ])('for %s over a batch of unknown size', (_, operation) => {
    const graph = new GraphBuilder();
    const x = graph.input('x', ['batch', 2]);
    const loss = graph.reduce('sum', graph.apply(operation, x));
    expect(() => gradients(graph, loss, [x])).toThrow('gradients need a graph with a known batch size');
  });
});
