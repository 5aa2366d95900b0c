import { elementCount } from '../../../src/foundation/element-count.ts';
import { GraphBuilder } from '../../../src/graph/builder.ts';
import { gradients } from '../../../src/graph/gradients/gradients.ts';
import type { Graph, Value } from '../../../src/graph/operations.ts';
import type { Contents } from '../../../src/graph/reference/run.ts';
import { spreadNumbers } from './numbers.ts';

/** A function of one or more inputs. */
export interface Differentiable {
  readonly shapes: readonly (readonly number[])[];
  /** Range of the inputs' numbers. @default [-2, 2] */
  readonly range?: readonly [min: number, max: number];
  record(graph: GraphBuilder, inputs: readonly Value[]): Value;
}

export const inputName = (index: number) => `x${index}`;

export function contentsOf({ shapes, range = [-2, 2] }: Differentiable): Map<string, Contents> {
  return new Map(
    shapes.map((shape, index) => {
      const data = spreadNumbers(elementCount(shape), range, 1 + index);
      return [inputName(index), { shape, data }];
    }),
  );
}

/**
 * The function's values, weighted at random and summed, as output `loss`; the gradients of the requested inputs as
 * outputs `dx0`, `dx1` …
 */
export function lossGraph(item: Differentiable, asked: readonly number[]): Graph {
  const graph = new GraphBuilder();
  const inputs = item.shapes.map((shape, index) => graph.input(inputName(index), shape));
  const y = item.record(graph, inputs);
  const shape = y.shape as readonly number[];
  const weights = graph.constant([...spreadNumbers(elementCount(shape), [-1, 1], 99)], shape);
  const loss = graph.reduce('sum', graph.binary('multiply', y, weights));
  graph.output('loss', loss);
  const found = gradients(
    graph,
    loss,
    asked.map((index) => inputs[index]!),
  );
  found.forEach((value, position) => void graph.output(`d${inputName(asked[position]!)}`, value));
  return graph.build();
}
