import type { GraphProto, ModelProto, NodeProto, TensorProto } from '../../executors/onnx/onnx-proto.ts';

/** An ONNX model that passes read and change. */
export type OnnxProto = ModelProto & { readonly graph: GraphProto };

/** A graph with access by the names of its values. */
export interface GraphView {
  readonly nodes: readonly NodeProto[];
  readonly constants: ReadonlyMap<string, TensorProto>;
  /** The node that computes a value. */
  readonly makers: ReadonlyMap<string, NodeProto>;
  /** The nodes that read a value, without duplicates. */
  readonly users: ReadonlyMap<string, readonly NodeProto[]>;
  readonly outputs: ReadonlySet<string>;
  /** Version of ONNX's own operator set. */
  readonly opset: number;
}

export function viewGraph({ graph, opsetImport }: OnnxProto): GraphView {
  const users = new Map<string, NodeProto[]>();
  for (const node of graph.node) {
    for (const name of new Set(node.input)) users.set(name, [...(users.get(name) ?? []), node]);
  }
  const own = opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  return {
    nodes: graph.node,
    constants: new Map(graph.initializer.map((tensor) => [tensor.name, tensor])),
    makers: new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const))),
    users,
    outputs: new Set(graph.output.map(({ name }) => name)),
    opset: Number(own?.version ?? 1n),
  };
}

/**
 * Returns the only node that reads a value. Undefined if several or no nodes read it, or if the value is an output of
 * the graph.
 */
export function onlyUser({ users, outputs }: GraphView, value: string): NodeProto | undefined {
  const readers = users.get(value) ?? [];
  return readers.length === 1 && !outputs.has(value) ? readers[0] : undefined;
}

/** Returns the inputs of a node that are not constants. */
export function readValues({ constants }: GraphView, { input }: NodeProto): readonly string[] {
  return input.filter((name) => name !== '' && !constants.has(name));
}
