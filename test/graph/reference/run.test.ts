import { describe, expect, test } from 'vitest';
import { MicroYoloError } from '../../../src/foundation/errors/errors.ts';
import { GraphBuilder } from '../../../src/graph/builder.ts';
import type { DataType, Operation, Shape } from '../../../src/graph/operations.ts';
import { type Contents, runReference } from '../../../src/graph/reference/run.ts';

const tensor = (shape: readonly number[], ...data: readonly number[]): Contents => ({ shape, data });

/** Outputs of one operation on these inputs. */
function outputsOf(operation: Operation, ...inputs: readonly Contents[]) {
  const graph = new GraphBuilder();
  const values = inputs.map(({ shape }, index) => graph.input(`x${index}`, shape));
  graph.record(operation, values).forEach((value, index) => void graph.output(`y${index}`, value));
  const contents = new Map(inputs.map((input, index) => [`x${index}`, input]));
  return [...runReference(graph.build(), contents).values()];
}

/** The numbers of an operation's first output. */
const numbersOf = (operation: Operation, ...inputs: readonly Contents[]) => [
  ...outputsOf(operation, ...inputs)[0]!.data,
];

const row = tensor([4], -2, 0, 1, 3);

describe('runReference', () => {
  test.each([
    ['less', [1, 0, 0]],
    ['lessOrEqual', [1, 1, 0]],
    ['greater', [0, 0, 1]],
    ['greaterOrEqual', [0, 1, 1]],
    ['equal', [0, 1, 0]],
  ] as const)('compares by %s', (name, expected) => {
    expect(numbersOf({ op: 'compare', function: name }, tensor([3], 1, 2, 3), tensor([], 2))).toEqual(
      expected,
    );
  });

  test.each([
    ['add', [6, 11]],
    ['subtract', [2, -5]],
    ['multiply', [8, 24]],
    ['divide', [2, 0.375]],
    ['maximum', [4, 8]],
    ['minimum', [2, 3]],
  ] as const)('computes %s', (name, expected) => {
    expect(numbersOf({ op: 'binary', function: name }, tensor([2], 4, 3), tensor([2], 2, 8))).toEqual(
      expected,
    );
  });

  test('broadcasts axes of size 1 of both tensors', () => {
    const [y] = outputsOf({ op: 'binary', function: 'add' }, tensor([2, 1], 10, 20), tensor([3], 1, 2, 3));
    expect(y).toEqual({ shape: [2, 3], data: Float64Array.of(11, 12, 13, 21, 22, 23) });
  });

  test('selects by a broadcast condition', () => {
    const [a, b] = [tensor([2, 2], 1, 2, 3, 4), tensor([], 0)];
    expect(numbersOf({ op: 'where' }, tensor([2, 1], 1, 0), a, b)).toEqual([1, 2, 0, 0]);
  });

  test.each<[DataType, number[]]>([
    ['float32', [-0.5, 0, 2.75]],
    ['uint8', [-0, 0, 2]],
    ['bool', [1, 0, 1]],
  ])('casts to %s', (to, expected) => {
    expect(numbersOf({ op: 'cast', to }, tensor([3], -0.5, 0, 2.75))).toEqual(expected);
  });

  test('treats 0 as not positive in the gradient of leakyRelu', () => {
    const y = tensor([3], -1, 0, 1);
    expect(numbersOf({ op: 'leakyReluGrad', slope: 0.5 }, y, tensor([3], 4, 4, 4))).toEqual([2, 2, 4]);
  });

  test('passes no gradient at the bounds of a clip', () => {
    const x = tensor([5], -2, -1, 0, 1, 2);
    const dy = tensor([5], 7, 7, 7, 7, 7);
    expect(numbersOf({ op: 'clipGrad', min: -1, max: 1 }, x, dy)).toEqual([0, 0, 7, 0, 0]);
  });

  test('keeps softplus finite if exp overflows', () => {
    expect(numbersOf({ op: 'unary', function: 'softplus' }, tensor([2], 1000, -1000))).toEqual([1000, 0]);
  });

  test('keeps softmax finite if exp overflows', () => {
    expect(numbersOf({ op: 'softmax', axis: 1 }, tensor([1, 2], 1000, 1000))).toEqual([0.5, 0.5]);
  });

  test.each<[string, Operation]>([
    ['relu', { op: 'unary', function: 'relu' }],
    ['clip', { op: 'clip', min: 0, max: 1 }],
    ['maximum', { op: 'binary', function: 'maximum' }],
    ['a max-pool', { op: 'maxPool', kernel: 1, stride: 1, padding: [0, 0, 0, 0] }],
    ['reduce', { op: 'reduce', function: 'max', axes: [3] }],
  ])('propagates NaN through %s', (_, operation) => {
    const x = tensor([1, 1, 1, 2], Number.NaN, 1);
    const inputs = operation.op === 'binary' ? [x, tensor([], 0)] : [x];
    expect(numbersOf(operation, ...inputs)[0]).toBeNaN();
  });

  test.each([
    ['sum', [0, 2]],
    ['mean', [0, 1]],
    ['max', [1, 3]],
    ['sumOfSquares', [2, 10]],
  ] as const)('reduces by %s', (name, expected) => {
    const [y] = outputsOf({ op: 'reduce', function: name, axes: [0] }, tensor([2, 2], -1, -1, 1, 3));
    expect(y).toEqual({ shape: [1, 2], data: Float64Array.from(expected) });
  });

  test('returns the largest in descending order along the last axis', () => {
    const [y] = outputsOf({ op: 'topK', k: 2 }, tensor([2, 3], 1, 3, 2, -10, -9, -9));
    expect(y).toEqual({ shape: [2, 2], data: Float64Array.of(3, 2, -9, -9) });
  });

  test('excludes padding from a mean', () => {
    const pool = { op: 'avgPool', kernel: 2, stride: 2, padding: [1, 1, 0, 0] } as const;
    expect(numbersOf(pool, tensor([1, 1, 1, 1], 6))).toEqual([6]);
  });

  test('never takes padding for the maximum', () => {
    const pool = { op: 'maxPool', kernel: 2, stride: 1, padding: [0, 0, 1, 1] } as const;
    expect(numbersOf(pool, tensor([1, 1, 2, 2], -4, -3, -2, -5))).toEqual([-2, -3, -2, -5]);
  });

  test('returns the mean and the biased variance of a batch', () => {
    const x = tensor([2, 2, 1, 1], 1, 10, 3, 30);
    const outputs = outputsOf(
      { op: 'batchNormTraining', epsilon: 0 },
      x,
      tensor([2], 1, 2),
      tensor([2], 0, 5),
    );
    expect(outputs.map(({ data }) => [...data])).toEqual([
      [-1, 3, 1, 7],
      [2, 20],
      [1, 100],
    ]);
  });

  test('splits, pads and slices an axis', () => {
    const x = tensor([2, 3], 1, 2, 3, 4, 5, 6);
    const parts = outputsOf({ op: 'split', axis: 1, sizes: [1, 2] }, x).map(({ data }) => [...data]);
    expect(parts).toEqual([
      [1, 4],
      [2, 3, 5, 6],
    ]);
    expect(numbersOf({ op: 'pad', axis: 0, before: 1, after: 0 }, x)).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 6]);
    expect(numbersOf({ op: 'slice', axis: 1, start: 1, end: 2 }, x)).toEqual([2, 5]);
  });

  test('joins tensors along an inner axis', () => {
    const [a, b] = [tensor([2, 1], 1, 4), tensor([2, 2], 2, 3, 5, 6)];
    expect(numbersOf({ op: 'concat', axis: 1 }, a, b)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('multiplies matrices pair by pair', () => {
    const a = tensor([2, 1, 2], 1, 2, 3, 4);
    const b = tensor([2, 2, 1], 5, 6, 7, 8);
    const [y] = outputsOf({ op: 'matMul', transposeA: false, transposeB: false }, a, b);
    expect(y).toEqual({ shape: [2, 1, 1], data: Float64Array.of(17, 53) });
  });

  test('passes a value through stopGradient', () => {
    expect(numbersOf({ op: 'stopGradient' }, row)).toEqual([-2, 0, 1, 3]);
  });

  test('keeps values that float32 cannot hold', () => {
    expect(numbersOf({ op: 'linear', factor: 1, offset: 1e-12 }, tensor([1], 1))).toEqual([1 + 1e-12]);
  });

  test('takes the batch of a reshape and an expand from the inputs', () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', ['batch', 2, 2]);
    graph.output('flat', graph.reshape(x, ['batch', 4]));
    const one = graph.constant(1, [1, 1]);
    graph.output('ones', graph.apply({ op: 'expand', shape: ['batch', 2] }, one));
    const outputs = runReference(graph.build(), new Map([['x', tensor([3, 2, 2], ...Array(12).fill(0))]]));
    expect([...outputs.values()].map(({ shape }) => shape)).toEqual([
      [3, 4],
      [3, 2],
    ]);
  });

  test('accepts bytes and booleans as numbers', () => {
    const graph = new GraphBuilder();
    const pixels = graph.input('pixels', [2], 'uint8');
    const chosen = graph.input('chosen', [2], 'bool');
    const values = graph.apply({ op: 'cast', to: 'float32' }, pixels);
    graph.output('y', graph.where(chosen, values, graph.constant(-1)));
    const contents = new Map<string, Contents>([
      ['pixels', { shape: [2], data: Uint8Array.of(200, 255) }],
      ['chosen', tensor([2], 0, 1)],
    ]);
    expect([...runReference(graph.build(), contents).get('y')!.data]).toEqual([-1, 255]);
  });

  test('returns inputs and parameters as copies', () => {
    const graph = new GraphBuilder();
    graph.output('input', graph.input('x', [1]));
    graph.output('parameter', graph.parameter('w', [1]));
    const contents = new Map([
      ['x', { shape: [1], data: Float64Array.of(1) }],
      ['w', { shape: [1], data: Float64Array.of(2) }],
    ]);
    const outputs = runReference(graph.build(), contents);
    for (const { data } of outputs.values()) data[0] = 9;
    expect([...contents.values()].map(({ data }) => data[0])).toEqual([1, 2]);
  });

  test('fails if a result has another shape than the graph declares', () => {
    const graph = new GraphBuilder();
    graph.output('y', graph.unary('relu', graph.input('x', [2])));
    const built = graph.build();
    const nodes = built.nodes.map((node) => ({
      ...node,
      outputs: node.outputs.map((output) => ({ ...output, shape: [3] })),
    }));
    const run = () => runReference({ ...built, nodes }, new Map([['x', tensor([2], 1, 2)]]));
    expect(run).toThrow('unary: 2 recorded as 3');
  });
});

describe('contents that do not fit', () => {
  const run = (shapes: Readonly<Record<string, Shape>>, contents: Readonly<Record<string, Contents>>) => {
    const graph = new GraphBuilder();
    for (const [name, shape] of Object.entries(shapes)) graph.input(name, shape);
    return () => runReference(graph.build(), new Map(Object.entries(contents)));
  };

  test.each<[string, () => unknown, string]>([
    ['none at all', run({ x: [2] }, {}), "no contents for 'x', only for none"],
    ['another name', run({ x: [2] }, { y: row }), "no contents for 'x', only for y"],
    [
      'another shape',
      run({ x: ['batch', 2] }, { x: row }),
      "contents of 'x': 4 numbers as 4, expected batch×2",
    ],
    [
      'another count of numbers',
      run({ x: ['batch', 2] }, { x: tensor([2, 2], 1, 2, 3) }),
      "contents of 'x': 3 numbers as 2×2, expected batch×2",
    ],
    [
      'two sizes of batch',
      run({ x: ['batch'], y: ['batch'] }, { x: row, y: tensor([2], 1, 2) }),
      'batches of 4 and 2: all inputs need the same batch size',
    ],
  ])('are refused: %s', (_, attempt, message) => {
    expect(attempt).toThrow(new MicroYoloError('invalid-argument', message));
  });
});
