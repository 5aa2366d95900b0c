import { GraphBuilder } from '../../../src/graph/builder.ts';
import { gradients } from '../../../src/graph/gradients/gradients.ts';
import type { Graph, Value } from '../../../src/graph/operations.ts';
import { runReference } from '../../../src/graph/reference/run.ts';
import { runGraph } from '../../graph/run-graph.ts';

/** Numbers by the names of a graph's inputs or outputs. */
export type Numbers = Readonly<Record<string, readonly number[]>>;

/** Runs a graph whose inputs are rows of numbers. */
export type Executor = (graph: Graph, inputs: Numbers) => Promise<Numbers>;

const tensors = (inputs: Numbers) =>
  Object.entries(inputs).map(
    ([name, data]) => [name, { shape: [data.length], data: Float32Array.from(data) }] as const,
  );

/** Executors by name, with their tolerance: relative to a number's size, or absolute for numbers below 1. */
export const executors: readonly (readonly [name: string, tolerance: number, run: Executor])[] = [
  [
    'the reference in float64',
    1e-9,
    async (graph, inputs) =>
      Object.fromEntries(
        [...runReference(graph, new Map(tensors(inputs)))].map(([name, { data }]) => [name, [...data]]),
      ),
  ],
  [
    'ONNX Runtime in float32',
    2e-5,
    async (graph, inputs) => {
      const outputs = await runGraph({ graph, tensors: new Map() }, Object.fromEntries(tensors(inputs)));
      return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, [...data]]));
    },
  ],
];

/**
 * An element-wise function of rows of numbers, as a graph: output `values`, and for each input NAME an output
 * `d NAME`, the derivative of each value with respect to it.
 */
export function derivatives(
  inputs: Numbers,
  record: (graph: GraphBuilder, inputs: Readonly<Record<string, Value>>) => Value,
): Graph {
  const graph = new GraphBuilder();
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, { length }]) => [name, graph.input(name, [length])]),
  );
  const y = record(graph, values);
  graph.output('values', y);
  const names = Object.keys(values);
  const sum = graph.reduce('sum', y);
  gradients(
    graph,
    sum,
    names.map((name) => values[name]!),
  ).forEach((gradient, index) => {
    graph.output(`d ${names[index]}`, gradient);
  });
  return graph.build();
}
