import { describe, expect, test } from 'vitest';
import { encodeOnnx } from '../../../../src/executors/onnx/file.ts';
import { lowerPlain } from '../../../../src/executors/onnx/plain/lower.ts';
import { createSession } from '../../../../src/executors/onnx/session/session.ts';
import { GraphBuilder } from '../../../../src/graph/builder.ts';
import type { Tensors, Value } from '../../../../src/graph/operations.ts';
import { forward } from '../../../../src/models/forward/forward.ts';
import { buildNetwork } from '../../../../src/network/registry.ts';
import { runGraph } from '../../../graph/run-graph.ts';

const x = { shape: [1, 2], data: Float32Array.of(-3, 4) };

/** The outputs of a graph with one input `x` [batch, 2], from ONNX Runtime. */
async function run(
  record: (graph: GraphBuilder, x: Value) => Readonly<Record<string, Value>>,
  tensors: Tensors = new Map(),
) {
  const builder = new GraphBuilder();
  for (const [name, value] of Object.entries(record(builder, builder.input('x', ['batch', 2])))) {
    builder.output(name, value);
  }
  const outputs = await runGraph({ graph: builder.build(), tensors }, { x });
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, [...data]]));
}

describe('lowerPlain', () => {
  test('returns one value under two names', async () => {
    const outputs = await run((graph, input) => {
      const y = graph.unary('relu', input);
      return { first: y, second: y };
    });
    expect(outputs).toEqual({ first: [0, 4], second: [0, 4] });
  });

  test('returns a value that later operations read', async () => {
    const outputs = await run((graph, input) => {
      const y = graph.unary('relu', input);
      return { z: graph.apply({ op: 'linear', factor: 2, offset: 1 }, y), y };
    });
    expect(outputs).toEqual({ z: [1, 9], y: [0, 4] });
  });

  test('returns an input unchanged', async () => {
    expect(await run((_, input) => ({ y: input }))).toEqual({ y: [-3, 4] });
  });

  test('returns a parameter', async () => {
    const tensors = new Map([['w', { shape: [2], data: Float32Array.of(5, 6) }]]);
    expect(await run((graph) => ({ y: graph.parameter('w', [2]) }), tensors)).toEqual({ y: [5, 6] });
  });

  test.each([
    ['add', [-6, 8]],
    ['subtract', [0, 0]],
    ['multiply', [9, 16]],
  ] as const)('computes %s', async (name, expected) => {
    expect(await run((graph, input) => ({ y: graph.binary(name, input, input) }))).toEqual({ y: expected });
  });

  test('takes a mean over any axes', async () => {
    expect(
      await run((graph, input) => ({ y: graph.apply({ op: 'reduce', function: 'mean', axes: [1] }, input) })),
    ).toEqual({
      y: [0.5],
    });
  });

  test("computes a hard sigmoid with ONNX's default offset, and with another", async () => {
    const outputs = await run((graph, input) => ({
      standard: graph.apply({ op: 'hardSigmoid', slope: 0.125, offset: 0.5 }, input),
      other: graph.apply({ op: 'hardSigmoid', slope: 0.125, offset: 0.25 }, input),
    }));
    expect(outputs).toEqual({ standard: [0.125, 1], other: [0, 0.75] });
  });

  // OpenCV takes such a gate for a hard swish of its own input and gives the product the shape of the gate.
  test('writes no slope of 1/6 together with an offset of 0.5 for the gates of a network', () => {
    const network = buildNetwork('micro-yolo', { size: 96, classes: 2 });
    const { nodes } = lowerPlain({ graph: forward(network, 'inference'), tensors: new Map() }, 'gates');
    const gates = nodes.filter(({ type }) => type === 'HardSigmoid');
    expect(gates.length).toBeGreaterThan(0);
    for (const { attributes } of gates) expect(attributes).toEqual({ alpha: { float: 1 / 6 } });
  });

  test('writes a file that names its inputs and outputs', async () => {
    const builder = new GraphBuilder();
    const image = builder.input('image', ['batch', 2]);
    builder.output('b', builder.unary('relu', image));
    builder.output('a', image);
    const file = encodeOnnx(lowerPlain({ graph: builder.build(), tensors: new Map() }, 'names'));
    await using session = await createSession(file);
    expect([session.inputs, session.outputs]).toEqual([['image'], ['b', 'a']]);
  });
});
