import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Graph, Node, Shape } from '../../graph/operations.ts';
import { compute } from './compute.ts';
import type { Kernels } from './kernels/kernels.ts';
import { logicalShape, type Order, ordersOf, permutation, plain } from './layout.ts';
import type { TfTensor } from './tfjs.ts';

/** A tensor with its memory layout. Its owner must dispose the tensor. */
export interface LaidTensor {
  readonly tensor: TfTensor;
  readonly order: Order;
}

const shapeOf = ({ tensor, order }: LaidTensor) => logicalShape(tensor.shape, order);

/** Returns a reordered copy of a tensor. The given tensor is not disposed. */
export function reordered(k: Kernels, { tensor, order }: LaidTensor, wanted: Order): LaidTensor {
  const moved = k.tidy(() => k.transpose(tensor, permutation(order, wanted)));
  return { tensor: moved, order: wanted };
}

/** Returns the values that are last used by each node. */
function lastUses({ nodes, parameters, outputs }: Graph): readonly (readonly number[])[] {
  const last = new Map<number, number>();
  nodes.forEach((node, index) => {
    for (const { id } of [...node.inputs, ...node.outputs]) last.set(id, index);
  });
  for (const { value } of [...parameters, ...outputs]) last.delete(value.id);
  const ends: number[][] = nodes.map(() => []);
  for (const [id, index] of last) ends[index]!.push(id);
  return ends;
}

/**
 * Runs a graph operation by operation on TensorFlow.js's kernels. Each value is disposed after its last use. Feature
 * maps stay in NHWC from the first operation that needs it to the last.
 */
export class GraphExecutor {
  readonly #kernels: Kernels;
  readonly #graph: Graph;
  readonly #ends: readonly (readonly number[])[];

  constructor(kernels: Kernels, graph: Graph) {
    this.#kernels = kernels;
    this.#graph = graph;
    this.#ends = lastUses(graph);
  }

  /**
   * Runs once, synchronously.
   * @param feeds by input name; the run disposes them
   * @param parameters by name; the caller owns them. If an operation needs another layout, the reordered tensor
   *   replaces the parameter, so that this happens only once
   * @returns outputs by name; the caller must dispose them
   */
  run(feeds: ReadonlyMap<string, LaidTensor>, parameters: Map<string, LaidTensor>): Map<string, LaidTensor> {
    const k = this.#kernels;
    const { inputs, nodes, outputs } = this.#graph;
    const values = new Map<number, LaidTensor>();
    const results = new Map<string, LaidTensor>();
    const parameterNames = new Map(this.#graph.parameters.map(({ name, value }) => [value.id, name]));
    const read = (id: number): LaidTensor => values.get(id) ?? parameters.get(parameterNames.get(id)!)!;
    const readAs = (id: number, order: Order): TfTensor => {
      const laid = read(id);
      if (laid.order.every((axis, place) => axis === order[place])) return laid.tensor;
      const moved = reordered(k, laid, order);
      laid.tensor.dispose();
      if (values.has(id)) values.set(id, moved);
      else parameters.set(parameterNames.get(id)!, moved);
      return moved.tensor;
    };
    try {
      for (const { name, value } of inputs) values.set(value.id, feeds.get(name)!);
      const batch = this.#batch(feeds);
      const resolve = (shape: Shape) => shape.map((size) => (size === 'batch' ? batch : size));
      nodes.forEach((node, index) => {
        this.#compute(node, read, readAs, resolve).forEach((laid, place) => {
          values.set(node.outputs[place]!.id, laid);
        });
        for (const id of this.#ends[index]!) {
          values.get(id)!.tensor.dispose();
          values.delete(id);
        }
      });
      for (const { name, value } of outputs) {
        // A value may have two output names, or be an input or a parameter.
        const { tensor, order } = read(value.id);
        results.set(name, { tensor: k.tidy(() => k.identity(tensor)), order });
      }
      return results;
    } catch (error) {
      for (const { tensor } of results.values()) tensor.dispose();
      throw error;
    } finally {
      for (const { tensor } of values.values()) tensor.dispose();
    }
  }

  #compute(
    { operation, inputs, outputs }: Node,
    read: (id: number) => LaidTensor,
    readAs: (id: number, order: Order) => TfTensor,
    resolve: (shape: Shape) => readonly number[],
  ): readonly LaidTensor[] {
    const k = this.#kernels;
    const given = inputs.map(({ id }) => read(id));
    const orders = ordersOf(
      operation,
      given.map((laid) => ({ shape: shapeOf(laid), order: laid.order })),
    );
    // All inputs are reordered before they are read, because one value may be used twice.
    inputs.forEach(({ id }, place) => void readAs(id, orders.inputs[place]!));
    const tensors = inputs.map(({ id }) => read(id).tensor);
    const made = k.tidy(() => compute(k, operation, tensors, orders.output, resolve) as TfTensor[]);
    return made.map((tensor, place) => {
      const rank = outputs[place]!.shape.length;
      return { tensor, order: rank === orders.output.length ? orders.output : plain(rank) };
    });
  }

  /** Returns the batch size, if any input has a batch axis. */
  #batch(feeds: ReadonlyMap<string, LaidTensor>): number {
    for (const { name, value } of this.#graph.inputs) {
      const axis = value.shape.indexOf('batch');
      if (axis >= 0) return shapeOf(feeds.get(name)!)[axis]!;
    }
    return Number.NaN;
  }
}

/** @throws MicroYoloError `invalid-argument` if a tensor is missing or has another shape */
export function checkFeeds(
  named: Graph['inputs'],
  feeds: Readonly<Record<string, { readonly shape: readonly number[] }>>,
): void {
  for (const { name, value } of named) {
    const given = feeds[name]?.shape;
    const fits =
      given?.length === value.shape.length &&
      value.shape.every((size, axis) => size === 'batch' || size === given[axis]);
    if (fits) continue;
    throw new MicroYoloError(
      'invalid-argument',
      `${name}: ${given ? given.join('×') : 'missing'}, the graph expects ${value.shape.join('×')}`,
    );
  }
}
