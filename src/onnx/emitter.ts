import type { Graph, NamedValue, Tensors, Value } from '../graph/operations.ts';
import type { Attributes, OnnxInitializer, OnnxModel, OnnxNode } from './file.ts';

/** Every standard operation used exists in it; onnxruntime 1.12 and later reads it. */
const OPSET = 17;

/** Collects the nodes and constants of an ONNX model; tensors are named by strings. */
export class OnnxEmitter {
  readonly #nodes: OnnxNode[] = [];
  readonly #constants = new Map<string, OnnxInitializer>();
  readonly #domains = new Set<string>();
  #count = 0;

  /** A node with one output; '' among the inputs leaves an optional one out. */
  op(type: string, inputs: readonly string[], attributes: Attributes = {}, domain = ''): string {
    return this.ops(type, inputs, 1, attributes, domain)[0]!;
  }

  /** A node with several outputs. */
  ops(
    type: string,
    inputs: readonly string[],
    count: number,
    attributes: Attributes = {},
    domain = '',
  ): readonly string[] {
    const outputs = Array.from({ length: count }, () => `value.${this.#count++}`);
    if (domain) this.#domains.add(domain);
    this.#nodes.push({ type, inputs, outputs, attributes, domain });
    return outputs;
  }

  #constant(name: string, shape: readonly number[], data: OnnxInitializer['data']): string {
    this.#constants.set(name, { name, shape, data });
    return name;
  }

  integers(values: readonly number[]): string {
    return this.#constant(
      `integers.${values.join(',')}`,
      [values.length],
      BigInt64Array.from(values, BigInt),
    );
  }

  floats(values: readonly number[]): string {
    return this.#constant(`floats.${values.join(',')}`, [values.length], Float32Array.from(values));
  }

  scalar(value: number): string {
    return this.#constant(`scalar.${value}`, [], Float32Array.of(value));
  }

  tensor(shape: readonly number[], data: Float32Array): string {
    return this.#constant(`constant.${this.#count++}`, shape, data);
  }

  reshape(x: string, shape: readonly number[]): string {
    return this.op('Reshape', [x, this.integers(shape)]);
  }

  transpose(x: string, permutation: readonly number[]): string {
    return this.op('Transpose', [x], { perm: permutation });
  }

  /** Elements `starts` (included) to `ends` (excluded) along the axes. */
  slice(
    x: string,
    axes: readonly number[],
    starts: readonly number[],
    ends: readonly number[],
    steps?: readonly number[],
  ): string {
    const bounds = [this.integers(starts), this.integers(ends), this.integers(axes)];
    return this.op('Slice', [x, ...bounds, ...(steps ? [this.integers(steps)] : [])]);
  }

  /** Pads each axis of x, zeros unless told. */
  pad(x: string, before: readonly number[], after: readonly number[], value?: number): string {
    if ([...before, ...after].every((size) => size === 0)) return x;
    const fill = value === undefined ? [] : [this.scalar(value)];
    return this.op('Pad', [x, this.integers([...before, ...after]), ...fill]);
  }

  /** Sum over axes, which go or stay with size 1. */
  sum(x: string, axes: readonly number[], keep = false): string {
    return this.op('ReduceSum', [x, this.integers(axes)], { keepdims: keep ? 1 : 0 });
  }

  /**
   * The model.
   * @param graph names the inputs and outputs; parameters with no contents are inputs too
   * @param nameOf the emitted name of a graph's value
   */
  model(
    graph: Graph,
    tensors: Tensors,
    name: string,
    nameOf: (value: Value) => string,
    metadata: Readonly<Record<string, string>> = {},
  ): OnnxModel {
    const given = new Set([...graph.inputs, ...graph.parameters].map(({ name }) => name));
    const names = new Map<string, string>();
    // A value read by several outputs, or handed through from an input, is copied for all but the first.
    const copies: OnnxNode[] = [];
    for (const output of graph.outputs) {
      const emitted = nameOf(output.value);
      if (names.has(emitted) || given.has(emitted) || this.#constants.has(emitted)) {
        const source = names.get(emitted) ?? emitted;
        copies.push({ type: 'Identity', inputs: [source], outputs: [output.name] });
      } else names.set(emitted, output.name);
    }
    const renamed = (list: readonly string[]) => list.map((item) => names.get(item) ?? item);
    const described = ({ name, value }: NamedValue) => ({ name, type: value.type, shape: value.shape });
    const [bound, open] = [
      graph.parameters.filter(({ name }) => tensors.has(name)),
      graph.parameters.filter(({ name }) => !tensors.has(name)),
    ];
    return {
      name,
      opset: OPSET,
      domains: [...this.#domains],
      nodes: [
        ...this.#nodes.map((node) => ({
          ...node,
          inputs: renamed(node.inputs),
          outputs: renamed(node.outputs),
        })),
        ...copies,
      ],
      inputs: [...graph.inputs, ...open].map(described),
      outputs: graph.outputs.map(described),
      initializers: [
        ...bound.map(({ name, value }) => ({
          name,
          shape: value.shape as readonly number[],
          data: tensors.get(name)!.data,
        })),
        ...this.#constants.values(),
      ],
      metadata,
    };
  }
}
