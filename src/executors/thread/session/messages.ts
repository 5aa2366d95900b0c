import type { SessionOptions } from '../../onnx/session.ts';

/** A tensor as it goes between threads. */
export interface PlainTensor {
  /** ONNX Runtime's name of the element type: `float32`, `uint8` … */
  readonly type: string;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView | readonly string[];
}

/** Tensors by name. */
export type PlainTensors = Readonly<Record<string, PlainTensor>>;

/** What the thread starts with. */
export interface SessionStart {
  /** The model's bytes, or the path of one with files of tensors beside it. */
  readonly model: Uint8Array | string;
  readonly options: SessionOptions;
}

export type Request = { readonly type: 'run'; readonly feeds: PlainTensors } | { readonly type: 'close' };

/** The first answers the start. */
export type Answer =
  | { readonly type: 'ready'; readonly inputs: readonly string[]; readonly outputs: readonly string[] }
  | { readonly type: 'outputs'; readonly outputs: PlainTensors }
  | { readonly type: 'done' };
