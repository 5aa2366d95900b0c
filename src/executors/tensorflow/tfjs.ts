/** The parts of TensorFlow.js that are used here. Its packages are optional, so their types may be missing. */

export type TfDataType = 'float32' | 'int32' | 'bool';

export interface TfTensor {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: TfDataType;
  data(): Promise<Float32Array | Int32Array | Uint8Array>;
  dispose(): void;
}

export type TfInputs = Readonly<Record<string, TfTensor>> | readonly TfTensor[];
export type TfAttributes = Readonly<Record<string, unknown>>;

interface TfEngine {
  runKernel(name: string, inputs: TfInputs, attributes: TfAttributes): TfTensor | TfTensor[];
  /** Disposes all tensors that the function creates but does not return. On an error, disposes all of them. */
  tidy<T>(make: () => T): T;
}

/** `@tensorflow/tfjs-core`, or a package that re-exports it. */
export interface TfCore {
  engine(): TfEngine;
  tensor(data: Float32Array | Int32Array | Uint8Array, shape: readonly number[], dtype: TfDataType): TfTensor;
  memory(): { readonly numTensors: number };
  getBackend(): string;
  /** Takes effect immediately if the backend was set before. */
  setBackend(name: string): Promise<boolean>;
  backend(): unknown;
}

/** An attribute of a TensorFlow operation. */
export interface TfOperationAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The backend of `@tensorflow/tfjs-node` and `-gpu`, which runs any TensorFlow operation by name. */
export interface TfNodeBackend {
  readonly binding: Readonly<
    Record<
      | 'TF_FLOAT'
      | 'TF_INT32'
      | 'TF_ATTR_TYPE'
      | 'TF_ATTR_INT'
      | 'TF_ATTR_FLOAT'
      | 'TF_ATTR_BOOL'
      | 'TF_ATTR_STRING',
      number
    >
  > & { readonly TF_Version: string };
  readonly isUsingGpuDevice: boolean;
  executeMultipleOutputs(
    name: string,
    attributes: readonly TfOperationAttribute[],
    inputs: readonly TfTensor[],
    outputs: number,
  ): TfTensor[];
}
