import { elementCount } from '../../foundation/element-count.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Graph, NamedValue, Shape } from '../operations.ts';
import { compute } from './compute.ts';
import type { ReferenceTensor } from './tensor.ts';

/** What an input or a parameter holds; truth values are 1 and 0. */
export interface Contents {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

function fitting({ name, value }: NamedValue, values: ReadonlyMap<string, Contents>): Contents {
  const contents = values.get(name);
  if (!contents) {
    const given = [...values.keys()].join(', ') || 'none';
    throw new MicroYoloError('invalid-argument', `no contents for '${name}', only for ${given}`);
  }
  const { shape, data } = contents;
  const fits =
    shape.length === value.shape.length &&
    value.shape.every((size, axis) => size === 'batch' || size === shape[axis]) &&
    data.length === elementCount(shape);
  if (!fits) {
    throw new MicroYoloError(
      'invalid-argument',
      `contents of '${name}': ${data.length} numbers as ${shape.join('×')}, expected ${value.shape.join('×')}`,
    );
  }
  return contents;
}

/** Size of the graph's `batch`, if any of its inputs has one. */
function batchSize(graph: Graph, values: ReadonlyMap<string, Contents>): number | undefined {
  const sizes = new Set(
    graph.inputs.flatMap((input) => {
      const { shape } = fitting(input, values);
      return input.value.shape.flatMap((size, axis) => (size === 'batch' ? [shape[axis]!] : []));
    }),
  );
  if (sizes.size > 1) {
    throw new MicroYoloError(
      'invalid-argument',
      `batches of ${[...sizes].join(' and ')}: all inputs need the same batch size`,
    );
  }
  return [...sizes][0];
}

/**
 * Runs a graph in double precision by the plainest loops, for tests to measure gradient rules and other
 * executors against. Constants are the float32 numbers they are recorded as; nothing else is rounded.
 * @param values contents of all inputs and parameters by name; never changed
 * @returns the outputs by name
 * @throws MicroYoloError `invalid-argument` if contents are missing or do not fit
 */
export function runReference(
  graph: Graph,
  values: ReadonlyMap<string, Contents>,
): ReadonlyMap<string, ReferenceTensor> {
  const batch = batchSize(graph, values);
  const resolve = (shape: Shape) =>
    shape.map((size) => {
      if (typeof size === 'number') return size;
      if (batch === undefined) throw new Error('no input determines the batch size');
      return batch;
    });
  const known = new Map<number, ReferenceTensor>();
  for (const named of [...graph.inputs, ...graph.parameters]) {
    const { shape, data } = fitting(named, values);
    known.set(named.value.id, { shape, data: new Float64Array(data) });
  }
  for (const { operation, inputs, outputs } of graph.nodes) {
    const results = compute(
      operation,
      inputs.map(({ id }) => known.get(id)!),
      resolve,
    );
    outputs.forEach(({ id, shape }, index) => {
      const result = results[index]!;
      // The loops take shapes from their inputs, never from the shape rules: here the two meet.
      if (result.shape.join() !== resolve(shape).join())
        throw new Error(`${operation.op}: ${result.shape.join('×')} recorded as ${shape.join('×')}`);
      known.set(id, result);
    });
  }
  return new Map(graph.outputs.map(({ name, value }) => [name, known.get(value.id)!]));
}
