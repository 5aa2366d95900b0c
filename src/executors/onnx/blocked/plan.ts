import type { Graph, Node, Value } from '../../../graph/operations.ts';
import { type KernelLayout, kernelLayout } from './layout.ts';

export interface BlockedPlan {
  /** Layout of every value that lies as a packed weight: weights, their gradients, momenta, averages. */
  readonly kernels: ReadonlyMap<number, KernelLayout>;
  /** Nodes that read a value. */
  readonly readers: ReadonlyMap<number, readonly Node[]>;
  /** Values that are outputs of the graph. */
  readonly outputs: ReadonlySet<number>;
}

/** A map of one pixel gains nothing from blocks. */
export function isMap({ shape, type }: Value): boolean {
  return shape.length === 4 && type === 'float32' && (shape[2] as number) * (shape[3] as number) > 1;
}

/** The layout of the weight of a convolution, or of a gradient of one. */
export function layoutOf({ operation, inputs, outputs }: Node, block: number): KernelLayout | undefined {
  switch (operation.op) {
    case 'conv':
      return isMap(outputs[0]!) ? kernelLayout(inputs[1]!.shape, operation.groups, block) : undefined;
    case 'convGradInput':
      return isMap(inputs[0]!) ? kernelLayout(inputs[1]!.shape, operation.groups, block) : undefined;
    case 'convGradFilter':
      return isMap(inputs[1]!) ? kernelLayout(outputs[0]!.shape, operation.groups, block) : undefined;
    default:
      return undefined;
  }
}

const ELEMENTWISE: ReadonlySet<string> = new Set([
  'unary',
  'binary',
  'linear',
  'leakyRelu',
  'clip',
  'fakeQuantize',
]);

/** Whether a node computes each element from the elements at its place, and from single numbers. */
export function isElementwise({ operation, inputs, outputs }: Node): boolean {
  const shape = outputs[0]!.shape.join();
  const isNumber = ({ shape }: Value) => shape.every((size) => size === 1);
  return (
    ELEMENTWISE.has(operation.op) &&
    inputs.every((input) => input.type === 'float32' && (input.shape.join() === shape || isNumber(input)))
  );
}

/** Decides which values lie as packed weights, and counts readers. */
export function planBlocks(graph: Graph, block: number): BlockedPlan {
  const kernels = new Map<number, KernelLayout>();
  const readers = new Map<number, Node[]>();
  for (const node of graph.nodes) {
    for (const { id } of node.inputs) readers.set(id, [...(readers.get(id) ?? []), node]);
    const layout = layoutOf(node, block);
    if (!layout) continue;
    const weight = node.operation.op === 'convGradFilter' ? node.outputs[0] : node.inputs[1];
    kernels.set(weight!.id, layout);
  }
  // What is computed with packed weights element by element lies as they do, and so does the state it meets.
  const elementwise = graph.nodes.filter(isElementwise);
  for (let found = -1; found !== kernels.size; ) {
    found = kernels.size;
    for (const { inputs, outputs } of elementwise) {
      const shape = outputs[0]!.shape.join();
      const same = [...inputs, outputs[0]!].filter((value) => value.shape.join() === shape);
      const layout = same.map(({ id }) => kernels.get(id)).find((known) => known !== undefined);
      if (layout) for (const { id } of same) kernels.set(id, layout);
    }
  }
  return { kernels, readers, outputs: new Set(graph.outputs.map(({ value }) => value.id)) };
}
