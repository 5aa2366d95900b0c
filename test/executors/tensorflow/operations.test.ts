import { describe, expect, test } from 'vitest';
import type { TensorFlow } from '../../../src/executors/tensorflow/load.ts';
import { type FedTensor, TensorFlowGraph } from '../../../src/executors/tensorflow/run.ts';
import { GraphBuilder } from '../../../src/graph/builder.ts';
import type { DataType, Graph, Operation } from '../../../src/graph/operations.ts';
import { type Contents, runReference } from '../../../src/graph/reference/run.ts';
import { type Blocking, gradientCases } from '../../graph/gradients/cases.ts';
import { contentsOf, lossGraph } from '../../graph/gradients/differentiable.ts';
import { largestError } from '../../graph/reference/largest-error.ts';
import { backends } from './backends.ts';

/** float32 against float64, relative to numbers above 1. */
const TOLERANCE = 2e-5;

function fed({ shape, data }: Contents, type: DataType): FedTensor {
  return { shape, data: type === 'uint8' ? Uint8Array.from(data) : Float32Array.from(data) };
}

async function runOn(tensorflow: TensorFlow, graph: Graph, contents: ReadonlyMap<string, Contents>) {
  await using runner = new TensorFlowGraph(tensorflow, { graph, tensors: new Map() });
  const feeds = graph.inputs.map(({ name, value }) => [name, fed(contents.get(name)!, value.type)]);
  return await runner.run(Object.fromEntries(feeds));
}

async function expectReference(
  tensorflow: TensorFlow,
  graph: Graph,
  contents: ReadonlyMap<string, Contents>,
): Promise<void> {
  const rounded = new Map(
    [...contents].map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
  );
  const expected = runReference(graph, rounded);
  const { numTensors } = tensorflow.core.memory();
  const found = await runOn(tensorflow, graph, rounded);
  expect(Object.keys(found)).toEqual([...expected.keys()]);
  for (const [name, reference] of expected) {
    expect(largestError(found[name], reference), name).toBeLessThan(TOLERANCE);
  }
  expect(tensorflow.core.memory().numTensors).toBe(numTensors);
}

const tensor = (shape: readonly number[], ...data: readonly number[]): Contents => ({ shape, data });

interface Example {
  readonly operation: Operation;
  readonly inputs: readonly Contents[];
  readonly types?: readonly DataType[];
}

/** Operations without a gradient; a record, so that each has its cases. */
const blocking: Readonly<Record<Blocking, readonly Example[]>> = {
  constant: [
    { operation: { op: 'constant', tensor: { shape: [2], data: Float32Array.of(3, 4) } }, inputs: [] },
  ],
  compare: (['less', 'lessOrEqual', 'greater', 'greaterOrEqual', 'equal'] as const).map((name) => ({
    operation: { op: 'compare', function: name },
    inputs: [tensor([1, 3], 1, 2, 3), tensor([2, 1], 2, 3)],
  })),
  topK: [
    { operation: { op: 'topK', k: 3 }, inputs: [tensor([2, 4], 1, 4, 2, 3, -1, -2, -3, -4)] },
    { operation: { op: 'topK', k: 1 }, inputs: [tensor([1, 2, 3], 5, 6, 4, 1, 1, 0)] },
  ],
  cast: [
    { operation: { op: 'cast', to: 'float32' }, inputs: [tensor([3], 0, 7, 255)], types: ['uint8'] },
    { operation: { op: 'cast', to: 'uint8' }, inputs: [tensor([3], 0.5, 7, 254.75)] },
    { operation: { op: 'cast', to: 'bool' }, inputs: [tensor([3], -0.5, 0, 2.75)] },
  ],
  stopGradient: [{ operation: { op: 'stopGradient' }, inputs: [tensor([2], 1, 2)] }],
};

/** Values at which the rules about ties and bounds matter, and a list with one element. */
const decisions: readonly Example[] = [
  { operation: { op: 'concat', axis: 0 }, inputs: [tensor([2], 1, 2)] },
  ...([2, 1] as const).map((stride): Example => {
    const window = { kernel: 2, stride, padding: [0, 0, 2 - stride, 2 - stride] } as const;
    const side = stride === 2 ? 2 : 4;
    const y = Array<number>(side * side).fill(1);
    return {
      operation: { op: 'maxPoolGrad', ...window },
      inputs: [
        tensor([1, 1, 4, 4], 1, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1, 0, 1, 1),
        tensor([1, 1, side, side], ...y),
        tensor([1, 1, side, side], ...y.map((_, index) => index + 1)),
      ],
    };
  }),
  {
    operation: { op: 'leakyReluGrad', slope: 0.5 },
    inputs: [tensor([3], -1, 0, 1), tensor([3], 4, 4, 4)],
  },
  {
    operation: { op: 'clipGrad', min: -1, max: 1 },
    inputs: [tensor([5], -2, -1, 0, 1, 2), tensor([5], 7, 7, 7, 7, 7)],
  },
];

const title = ({ operation }: Example) =>
  'function' in operation ? `${operation.op} ${operation.function}` : operation.op;
const examples = [...Object.values(blocking).flat(), ...decisions].map(
  (example) => [title(example), example] as const,
);

const differentiable = Object.entries(gradientCases).flatMap(([op, items]) =>
  items.map((item) => [`${op} ${item.title}`, item] as const),
);

describe.each(backends)('on the backend $name', ({ loaded }) => {
  const there = test.skipIf(!loaded);
  there.each(differentiable)('%s and its gradients equal the reference', async (_, item) => {
    const asked = item.shapes.map((_, index) => index);
    await expectReference(loaded!, lossGraph(item, asked), contentsOf(item));
  });

  there.each(examples)('%s equals the reference', async (_, { operation, inputs, types }) => {
    const graph = new GraphBuilder();
    const values = inputs.map(({ shape }, index) => graph.input(`x${index}`, shape, types?.[index]));
    graph.record(operation, values).forEach((value, index) => void graph.output(`y${index}`, value));
    await expectReference(
      loaded!,
      graph.build(),
      new Map(inputs.map((input, index) => [`x${index}`, input])),
    );
  });
});
