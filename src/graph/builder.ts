import type {
  BinaryFunction,
  DataType,
  Graph,
  NamedValue,
  Node,
  Operation,
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

  build(): Graph {
    const parameters = [...this.#parameters].map(([name, value]) => ({ name, value }));
    return { inputs: this.#inputs, parameters, nodes: this.#nodes, outputs: this.#outputs };
  }
}
