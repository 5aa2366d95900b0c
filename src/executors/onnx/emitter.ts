import type { Graph, NamedValue, Shape, Tensors, Value } from '../../graph/operations.ts';
import type { Attributes, OnnxInitializer, OnnxModel, OnnxNode } from './file.ts';

/** This version has all standard operators in use, and onnxruntime 1.12 and later supports it. */
const OPSET = 17;

/** Collects the nodes and constants of an ONNX model. Tensors are referred to by name. */
export class OnnxEmitter {
  readonly #nodes: OnnxNode[] = [];
  readonly #constants = new Map<string, OnnxInitializer>();
  readonly #domains = new Set<string>();
  #count = 0;

  /** Adds a node with one output. The input '' omits an optional input. */
  op(type: string, inputs: readonly string[], attributes: Attributes = {}, domain = ''): string {
    return this.ops(type, inputs, 1, attributes, domain)[0]!;
  }

  /** Adds a node with several outputs. */
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

  /** Adds a scalar byte, 0–255. */
  byte(value: number): string {
    return this.#constant(`byte.${value}`, [], Uint8Array.of(value));
  }

  tensor(shape: readonly number[], data: Float32Array): string {
    return this.#constant(`constant.${this.#count++}`, shape, data);
  }

  /** Adds a vector that repeats one number. */
  tensorOf(length: number, value: number): string {
    return this.#constant(`repeated.${length}.${value}`, [length], new Float32Array(length).fill(value));
  }

  /** Selects slices of x along an axis, by index. */
  gather(x: string, places: readonly number[], axis: number): string {
    const name = `places.${this.#count++}`;
    this.#constant(name, [places.length], BigInt64Array.from(places, BigInt));
    return this.op('Gather', [x, name], { axis });
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

  /** Pads each axis of x, with zeros by default. */
  pad(x: string, before: readonly number[], after: readonly number[], value?: number): string {
    if ([...before, ...after].every((size) => size === 0)) return x;
    const fill = value === undefined ? [] : [this.scalar(value)];
    return this.op('Pad', [x, this.integers([...before, ...after]), ...fill]);
  }

  /** Sums over axes, which are removed or kept with size 1. */
  sum(x: string, axes: readonly number[], keep = false): string {
    return this.op('ReduceSum', [x, this.integers(axes)], { keepdims: keep ? 1 : 0 });
  }

  /**
   * Returns the model.
   * @param graph names of the inputs and outputs; parameters without contents are also inputs
   * @param nameOf returns the emitted name of an output of the graph
   * @param shapeOf returns the declared shape of a parameter or an output
   */
  model(
    graph: Graph,
    tensors: Tensors,
    name: string,
    nameOf: (output: NamedValue) => string,
    metadata: Readonly<Record<string, string>> = {},
    shapeOf: (value: Value) => Shape = ({ shape }) => shape,
  ): OnnxModel {
    const given = new Set([...graph.inputs, ...graph.parameters].map(({ name }) => name));
    const names = new Map<string, string>();
    // A value with several output names, or an input that is also an output, is copied for all but the first name.
    const copies: OnnxNode[] = [];
    for (const output of graph.outputs) {
      const emitted = nameOf(output);
      if (names.has(emitted) || given.has(emitted) || this.#constants.has(emitted)) {
        const source = names.get(emitted) ?? emitted;
        copies.push({ type: 'Identity', inputs: [source], outputs: [output.name] });
      } else names.set(emitted, output.name);
    }
    const renamed = (list: readonly string[]) => list.map((item) => names.get(item) ?? item);
    const described = ({ name, value }: NamedValue) => ({ name, type: value.type, shape: shapeOf(value) });
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
