import type {
  BinaryFunction,
  Comparison,
  DataType,
  Graph,
  NamedValue,
  Node,
  Operation,
  Reduction,
  Shape,
  UnaryFunction,
  Value,
} from './operations.ts';
import { outputTypes } from './shapes.ts';

/** Records operations into a graph. */
export class GraphBuilder {
  readonly #inputs: NamedValue[] = [];
  readonly #parameters = new Map<string, Value>();
  readonly #nodes: Node[] = [];
  readonly #outputs: NamedValue[] = [];
  #count = 0;

  #value(shape: Shape, type: DataType): Value {
    return { id: this.#count++, shape, type };
  }

  input(name: string, shape: Shape, type: DataType = 'float32'): Value {
    const value = this.#value(shape, type);
    this.#inputs.push({ name, value });
    return value;
  }

  /** The parameter of that name; asked for twice, the same value. */
  parameter(name: string, shape: readonly number[]): Value {
    const value = this.#parameters.get(name) ?? this.#value(shape, 'float32');
    this.#parameters.set(name, value);
    return value;
  }

  output(name: string, value: Value): void {
    this.#outputs.push({ name, value });
  }

  /** All outputs of an operation. */
  record(operation: Operation, inputs: readonly Value[]): readonly Value[] {
    const outputs = outputTypes(operation, inputs).map(({ shape, type }) => this.#value(shape, type));
    this.#nodes.push({ operation, inputs, outputs });
    return outputs;
  }

  /** The first output of an operation. */
  apply(operation: Operation, ...inputs: readonly Value[]): Value {
    return this.record(operation, inputs)[0]!;
  }

  unary(name: UnaryFunction, x: Value): Value {
    return this.apply({ op: 'unary', function: name }, x);
  }

  binary(name: BinaryFunction, a: Value, b: Value): Value {
    return this.apply({ op: 'binary', function: name }, a, b);
  }

  /** A scalar is a constant of shape []. */
  constant(data: number | readonly number[], shape: readonly number[] = []): Value {
    const values = Float32Array.from(typeof data === 'number' ? [data] : data);
    return this.apply({ op: 'constant', tensor: { shape, data: values } });
  }

  compare(name: Comparison, a: Value, b: Value): Value {
    return this.apply({ op: 'compare', function: name }, a, b);
  }

  /** 1 where the comparison holds, else 0. */
  indicator(name: Comparison, a: Value, b: Value): Value {
    return this.apply({ op: 'cast', to: 'float32' }, this.compare(name, a, b));
  }

  where(condition: Value, a: Value, b: Value): Value {
    return this.apply({ op: 'where' }, condition, a, b);
  }

  /** factor·x + offset */
  linear(x: Value, factor: number, offset = 0): Value {
    return this.apply({ op: 'linear', factor, offset }, x);
  }

  /** Over the axes (all, if none are named), which stay with size 1. */
  reduce(name: Reduction, x: Value, axes: readonly number[] = x.shape.map((_, axis) => axis)): Value {
    return this.apply({ op: 'reduce', function: name, axes }, x);
  }

  reshape(x: Value, shape: Shape): Value {
    return this.apply({ op: 'reshape', shape }, x);
  }

  /** Nodes recorded so far, in order. */
  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  build(): Graph {
    const parameters = [...this.#parameters].map(([name, value]) => ({ name, value }));
    return { inputs: this.#inputs, parameters, nodes: this.#nodes, outputs: this.#outputs };
  }
}
