import { Tensor } from 'onnxruntime-node';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { halfToFloat } from '../../../foundation/half-precision.ts';
import type { PlainTensors } from '../../thread/session/messages.ts';
import { SessionThread } from '../../thread/session/session-thread.ts';
import { openSession } from './open-session.ts';
import type { SessionOptions } from './options.ts';

/** ONNX element types of supported inputs and outputs. */
export type ElementType = 'float32' | 'float16' | 'uint8' | 'int64' | 'int32' | 'bool';

/** A tensor of any supported element type for a graph. Half-precision values are given as the bits of 16-bit floats. */
export interface TypedTensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint16Array | Uint8Array | BigInt64Array | Int32Array;
}

/** An output tensor of a graph, converted to floats. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Options of a graph's session. */
export interface GraphSessionOptions extends SessionOptions {
  /** Whether to run in a worker thread, which does not block the caller's event loop. @default false */
  readonly worker?: boolean | undefined;
}

/** A loaded graph with any element types. The code that opens it must dispose it. */
export interface GraphSession extends AsyncDisposable {
  /** Runs once. Without `worker`, it blocks the calling thread. */
  run(feeds: Readonly<Record<string, TypedTensor>>): Promise<Readonly<Record<string, FloatTensor>>>;
}

/** Returns the first line of the runtime's message, without locations in its source code. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (
    text
      .split('\n')[0]!
      .replace(/^.*?ErrorCode::?\S*\s*/, '')
      // Locations and signatures in its source code do not help users.
      .replace(/\S+\.(?:cc|h):\d+ .*?\)(?: const)?\s*(?:\[ONNXRuntimeError\][^A-Za-z]*[A-Z_]+ : )?/g, '')
      .slice(0, 300)
      .trim()
  );
}

const isMemory = (reason: string) => /alloc|out of memory/i.test(reason);

function memoryError(name: string, reason: string): MicroYoloError {
  const bytes = /size\D*(\d+)/.exec(reason)?.[1];
  const asked =
    bytes === undefined ? '' : `, it needs ${Number(bytes).toLocaleString('en-US')} bytes at once`;
  return new MicroYoloError('unsupported', `${name}: does not fit into memory${asked}; use a smaller model`);
}

function runningError(name: string, error: unknown): MicroYoloError {
  const reason = reasonOf(error);
  if (isMemory(reason)) return memoryError(name, reason);
  return new MicroYoloError('unsupported', `${name}: ONNX Runtime cannot run it (${reason})`);
}

function loadingError(name: string, error: unknown): MicroYoloError {
  const reason = reasonOf(error);
  if (
    /not a registered function|is not supported|NOT_IMPLEMENTED|No Op registered|Fatal error: \S+ is not/i.test(
      reason,
    )
  ) {
    return new MicroYoloError('unsupported', `${name}: ONNX Runtime lacks one of its operators (${reason})`);
  }
  if (isMemory(reason)) return memoryError(name, reason);
  if (/GetExtData|External (data|initializer)/i.test(reason)) {
    return new MicroYoloError(
      'invalid-file',
      `${name}: a tensor file beside it is shorter than expected; copy or download it again`,
    );
  }
  if (/ValidateOpset|opset/i.test(reason)) {
    return new MicroYoloError(
      'unsupported',
      `${name}: its ONNX operator set is too new for ONNX Runtime; export it with an older opset, such as 17`,
    );
  }
  return new MicroYoloError(
    'invalid-file',
    `${name}: ONNX Runtime cannot load it (${reason}); export it again`,
  );
}

function asFloats({ data, type }: PlainTensors[string]): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type === 'string') return new Float32Array(0);
  // Depending on the Node version, half-precision values are a Float16Array or their bits.
  if (type === 'float16' && data instanceof Uint16Array) return halfToFloat(data);
  return Float32Array.from(data as unknown as ArrayLike<number | bigint>, Number);
}

/** A session in this thread or in another one. */
interface OpenSession extends AsyncDisposable {
  run(feeds: Readonly<Record<string, TypedTensor>>): Promise<PlainTensors>;
}

async function openHere(model: Uint8Array | string, options: SessionOptions): Promise<OpenSession> {
  const session = await openSession(model, options);
  return {
    async run(feeds) {
      const tensors = Object.entries(feeds).map(
        ([input, { type, shape, data }]) => [input, new Tensor(type, data as never, shape)] as const,
      );
      const outputs = await session.run(Object.fromEntries(tensors));
      return Object.fromEntries(
        Object.entries(outputs).map(([output, { type, dims, data }]) => [
          output,
          { type, shape: dims, data },
        ]),
      );
    },
    [Symbol.asyncDispose]: () => session.release(),
  };
}

/**
 * Loads a third-party graph into ONNX Runtime.
 * @param model its bytes, or its path if it has external tensor files
 * @param name of the file, for messages
 * @throws MicroYoloError `invalid-file` if the runtime cannot load it, `unsupported` for an operator that it lacks
 */
export async function openGraph(
  model: Uint8Array | string,
  name: string,
  { worker = false, ...options }: GraphSessionOptions = {},
): Promise<GraphSession> {
  let session: OpenSession;
  try {
    session = await (worker ? SessionThread.open(model, options) : openHere(model, options));
  } catch (error) {
    if (error instanceof MicroYoloError) throw error;
    throw loadingError(name, error);
  }
  return {
    async run(feeds) {
      try {
        const outputs = await session.run(feeds);
        return Object.fromEntries(
          Object.entries(outputs).map(([output, tensor]) => [
            output,
            { shape: tensor.shape, data: asFloats(tensor) },
          ]),
        );
      } catch (error) {
        throw runningError(name, error);
      }
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
