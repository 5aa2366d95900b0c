import type { Graph } from '../../../src/graph/operations.ts';
import { type Contents, runReference } from '../../../src/graph/reference/run.ts';

/** Cancellation and curvature each cost about 1e-10 of a loss near 1. */
const STEP = 1e-5;

/**
 * Gradient of a graph's one-element output `loss` with respect to one input, by central differences.
 * @param name of the input
 * @param contents of all inputs
 */
export function finiteDifferences(
  graph: Graph,
  name: string,
  contents: ReadonlyMap<string, Contents>,
): Contents {
  const { shape, data } = contents.get(name)!;
  const lossAt = (index: number, step: number) => {
    const moved = Float64Array.from(data);
    moved[index]! += step;
    return runReference(graph, new Map([...contents, [name, { shape, data: moved }]])).get('loss')!.data[0]!;
  };
  const gradient = Float64Array.from(
    data,
    (_, index) => (lossAt(index, STEP) - lossAt(index, -STEP)) / (2 * STEP),
  );
  return { shape, data: gradient };
}
