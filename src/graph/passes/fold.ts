import type { Graph, NamedValue, Node, Tensor, Tensors, Value } from '../operations.ts';

/** A graph with the contents of its parameters. */
export interface BoundGraph {
  readonly graph: Graph;
  readonly tensors: Tensors;
}

/** scale·x + shift for each channel. */
interface ChannelAffine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

function batchNormAffine(node: Node, read: (value: Value) => Tensor): ChannelAffine | undefined {
  if (node.operation.op !== 'batchNorm') return undefined;
  const [weight, bias, mean, variance] = node.inputs.slice(1).map((value) => read(value).data);
  const { epsilon } = node.operation;
  const scale = Float64Array.from(weight!, (w, c) => w / Math.sqrt(variance![c]! + epsilon));
  const shift = Float64Array.from(bias!, (b, c) => b - mean![c]! * scale[c]!);
  return { scale, shift };
}

/** The convolution's weight and bias with the affine map applied after it. */
function foldAfter(
  weight: Tensor,
  bias: Tensor | undefined,
  { scale, shift }: ChannelAffine,
): [Tensor, Tensor] {
  const perChannel = weight.data.length / scale.length;
  const folded = weight.data.map((w, index) => w * scale[Math.floor(index / perChannel)]!);
  const moved = Float32Array.from(shift, (s, c) => s + (bias?.data[c] ?? 0) * scale[c]!);
  return [
    { shape: weight.shape, data: folded },
    { shape: [scale.length], data: moved },
  ];
}

/** Nodes that read each value; graph outputs count as readers. */
function readers(graph: Graph): Map<number, number> {
  const counts = new Map<number, number>();
  const read = ({ id }: Value) => counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const node of graph.nodes) for (const value of node.inputs) read(value);
  for (const output of graph.outputs) read(output.value);
  return counts;
}

/**
 * Puts each convolution's batch norm, and a plain factor on its input (such as 1/255), into its weights, so
 * that neither costs anything at run time. Computed in double precision; other operations stay as they are.
 */
export function foldConvolutions({ graph, tensors }: BoundGraph): BoundGraph {
  const uses = readers(graph);
  const names = new Map(graph.parameters.map(({ name, value }) => [value.id, name]));
  const contents = new Map(tensors);
  const parameters = new Map(graph.parameters.map((parameter) => [parameter.value.id, parameter]));
  const producers = new Map<number, Node>();
  const replaced = new Map<number, Node>();
  const dropped = new Set<Node>();
  let nextId =
    1 +
    Math.max(
      ...[...graph.inputs, ...graph.parameters].map(({ value }) => value.id),
      ...graph.nodes.flatMap((node) => node.outputs.map(({ id }) => id)),
    );

  const read = (value: Value): Tensor => contents.get(names.get(value.id)!)!;
  const parameter = (base: string, tensor: Tensor): Value => {
    // Convolutions may share a weight; what is folded into each stays its own.
    let name = base;
    for (let copy = 2; contents.has(name); copy++) name = `${base}.${copy}`;
    const value: Value = { id: nextId++, shape: tensor.shape, type: 'float32' };
    parameters.set(value.id, { name, value });
    names.set(value.id, name);
    contents.set(name, tensor);
    return value;
  };
  const rewrite = (conv: Node, inputs: readonly Value[], outputs: readonly Value[]): Node => {
    const node = { operation: conv.operation, inputs, outputs };
    dropped.add(conv);
    for (const output of outputs) {
      producers.set(output.id, node);
      replaced.set(output.id, node);
    }
    return node;
  };

  for (const node of graph.nodes) {
    for (const output of node.outputs) producers.set(output.id, node);
    const [x] = node.inputs;
    const source = x && producers.get(x.id);
    if (!source || uses.get(x.id) !== 1) continue;
    if (node.operation.op === 'conv' && source.operation.op === 'linear' && source.operation.offset === 0) {
      const { factor } = source.operation;
      const [, weight, ...bias] = node.inputs;
      const scaled = { shape: read(weight!).shape, data: read(weight!).data.map((w) => w * factor) };
      rewrite(
        node,
        [source.inputs[0]!, parameter(`${names.get(weight!.id)}.scaled`, scaled), ...bias],
        node.outputs,
      );
      dropped.add(source);
    }
    const affine = batchNormAffine(node, read);
    if (affine && source.operation.op === 'conv') {
      const [input, weight, bias] = source.inputs;
      const folded = foldAfter(read(weight!), bias && read(bias), affine);
      const name = names.get(weight!.id)!;
      const inputs = [
        input!,
        parameter(`${name}.folded`, folded[0]),
        parameter(`${name}.folded.bias`, folded[1]),
      ];
      rewrite(source, inputs, node.outputs);
      dropped.add(node);
    }
  }

  const nodes = graph.nodes.flatMap((node) => {
    const replacement = node.outputs[0] && replaced.get(node.outputs[0].id);
    if (replacement) return dropped.has(replacement) ? [] : [replacement];
    return dropped.has(node) ? [] : [node];
  });
  return prune({ graph: { ...graph, nodes, parameters: [...parameters.values()] }, tensors: contents });
}

/** Leaves out the parameters that nothing reads. */
function prune({ graph, tensors }: BoundGraph): BoundGraph {
  const uses = readers(graph);
  const parameters: readonly NamedValue[] = graph.parameters.filter(({ value }) => uses.has(value.id));
  return {
    graph: { ...graph, parameters },
    tensors: new Map(parameters.map(({ name }) => [name, tensors.get(name)!])),
  };
}
