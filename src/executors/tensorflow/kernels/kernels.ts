import type {
  TfAttributes,
  TfCore,
  TfDataType,
  TfInputs,
  TfNodeBackend,
  TfOperationAttribute,
  TfTensor,
} from '../tfjs.ts';

type NativeAttribute =
  | { readonly int: number | readonly number[] }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly string: string };

/** Runs TensorFlow.js's kernels by name. Tensors created inside a `tidy` are disposed at its end. */
export class Kernels {
  readonly #core: TfCore;
  readonly #native: TfNodeBackend | undefined;

  /** @param native the backend if it is TensorFlow, whose fused operations are then used */
  constructor(core: TfCore, native?: TfNodeBackend) {
    this.#core = core;
    this.#native = native;
  }

  /** Whether TensorFlow's native operations are available. */
  get isNative(): boolean {
    return this.#native !== undefined;
  }

  get isGpu(): boolean {
    return this.#native?.isUsingGpuDevice ?? false;
  }

  tensor(
    data: Float32Array | Int32Array | Uint8Array,
    shape: readonly number[],
    dtype: TfDataType = 'float32',
  ): TfTensor {
    return this.#core.tensor(data, shape, dtype);
  }

  number(value: number): TfTensor {
    return this.tensor(Float32Array.of(value), []);
  }

  tidy<T>(make: () => T): T {
    return this.#core.engine().tidy(make);
  }

  /** Runs a kernel and returns its first output. */
  run(name: string, inputs: TfInputs, attributes: TfAttributes = {}): TfTensor {
    const result = this.#core.engine().runKernel(name, inputs, attributes);
    return Array.isArray(result) ? result[0]! : result;
  }

  runAll(name: string, inputs: TfInputs, attributes: TfAttributes): readonly TfTensor[] {
    const result = this.#core.engine().runKernel(name, inputs, attributes);
    return Array.isArray(result) ? result : [result];
  }

  /** Runs a native TensorFlow operation on float32 tensors, and returns all outputs. Only if `isNative`. */
  native(
    name: string,
    inputs: readonly TfTensor[],
    attributes: Readonly<Record<string, NativeAttribute>>,
    { outputs = 1, typed = ['T'] }: { readonly outputs?: number; readonly typed?: readonly string[] } = {},
  ): readonly TfTensor[] {
    const { binding } = this.#native!;
    const types = typed.map((key) => ({
      name: key,
      type: binding.TF_ATTR_TYPE,
      value: binding.TF_FLOAT,
    }));
    const others = Object.entries(attributes).map(([key, attribute]): TfOperationAttribute => {
      if ('int' in attribute) return { name: key, type: binding.TF_ATTR_INT, value: attribute.int };
      if ('float' in attribute) return { name: key, type: binding.TF_ATTR_FLOAT, value: attribute.float };
      if ('bool' in attribute) return { name: key, type: binding.TF_ATTR_BOOL, value: attribute.bool };
      return { name: key, type: binding.TF_ATTR_STRING, value: attribute.string };
    });
    return this.#native!.executeMultipleOutputs(name, [...types, ...others], inputs, outputs);
  }

  /** Returns a separate tensor with the same values. */
  identity(x: TfTensor): TfTensor {
    return this.run('Identity', { x });
  }

  reshape(x: TfTensor, shape: readonly number[]): TfTensor {
    return this.run('Reshape', { x }, { shape });
  }

  /** Permutes axes. If only axes of size 1 change place, the memory layout stays, and only the shape changes. */
  transpose(x: TfTensor, permutation: readonly number[]): TfTensor {
    const long = permutation.filter((axis) => x.shape[axis] !== 1);
    if (long.every((axis, place) => place === 0 || axis > long[place - 1]!)) {
      return this.reshape(
        x,
        permutation.map((axis) => x.shape[axis]!),
      );
    }
    return this.run('Transpose', { x }, { perm: permutation });
  }

  add(a: TfTensor, b: TfTensor): TfTensor {
    return this.run('Add', { a, b });
  }

  subtract(a: TfTensor, b: TfTensor): TfTensor {
    return this.run('Sub', { a, b });
  }

  multiply(a: TfTensor, b: TfTensor): TfTensor {
    return this.run('Multiply', { a, b });
  }

  divide(a: TfTensor, b: TfTensor): TfTensor {
    return this.run('RealDiv', { a, b });
  }

  /** Sums over axes, which keep size 1. */
  sum(x: TfTensor, axis: readonly number[]): TfTensor {
    return this.run('Sum', { x }, { axis, keepDims: true });
  }

  slice(x: TfTensor, axis: number, start: number, end: number): TfTensor {
    const begin = x.shape.map((_, place) => (place === axis ? start : 0));
    const size = x.shape.map((length, place) => (place === axis ? end - start : length));
    return this.run('Slice', { x }, { begin, size });
  }

  concat(parts: readonly TfTensor[], axis: number): TfTensor {
    // TensorFlow's Concat needs at least two inputs.
    return parts.length === 1 ? this.identity(parts[0]!) : this.run('Concat', parts, { axis });
  }

  /** @param paddings [before, after] of each axis */
  pad(x: TfTensor, paddings: readonly (readonly [number, number])[], constantValue = 0): TfTensor {
    if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
    return this.run('PadV2', { x }, { paddings, constantValue });
  }

  /** Expands axes of size 1, and adds leading axes. */
  broadcast(x: TfTensor, shape: readonly number[]): TfTensor {
    const aligned = [...Array<number>(shape.length - x.shape.length).fill(1), ...x.shape];
    const reps = shape.map((length, axis) => length / aligned[axis]!);
    const same = aligned.length === x.shape.length ? x : this.reshape(x, aligned);
    return reps.every((count) => count === 1) ? same : this.run('Tile', { x: same }, { reps });
  }

  /** Selects a if the condition holds, otherwise b. All have the same shape. */
  select(condition: TfTensor, a: TfTensor, b: TfTensor): TfTensor {
    return this.run('Select', { condition, t: a, e: b });
  }
}
