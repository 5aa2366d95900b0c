import type { DataType, Tensor, Tensors } from '../../graph/operations.ts';
import type { BoundGraph } from '../../graph/passes/fold.ts';
import { checkFeeds, GraphExecutor, type LaidTensor, reordered } from './executor.ts';
import { DATA_TYPES } from './kernels/elementwise.ts';
import { isPlain, plain } from './layout.ts';
import type { TensorFlow } from './load.ts';

export interface FedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array;
}

/** Creates a TensorFlow.js tensor from values. The caller must dispose it. */
export function upload(
  { core }: TensorFlow,
  { shape, data }: FedTensor,
  type: DataType = 'float32',
): LaidTensor {
  return { tensor: core.tensor(data, shape, DATA_TYPES[type]), order: plain(shape.length) };
}

/** Reads a tensor's values in row-major order. The tensor is not disposed. */
export async function download({ kernels }: TensorFlow, laid: LaidTensor): Promise<Tensor> {
  if (isPlain(laid.order)) {
    const { tensor } = laid;
    return { shape: tensor.shape, data: Float32Array.from(await tensor.data()) };
  }
  const { tensor } = reordered(kernels, laid, plain(laid.order.length));
  try {
    return { shape: tensor.shape, data: Float32Array.from(await tensor.data()) };
  } finally {
    tensor.dispose();
  }
}

export function disposeAll(tensors: ReadonlyMap<string, LaidTensor>): void {
  for (const { tensor } of tensors.values()) tensor.dispose();
}

/** Uploads a graph's inputs. */
export function uploadFeeds(
  tensorflow: TensorFlow,
  { inputs }: BoundGraph['graph'],
  feeds: Readonly<Record<string, FedTensor>>,
): ReadonlyMap<string, LaidTensor> {
  checkFeeds(inputs, feeds);
  return new Map(inputs.map(({ name, value }) => [name, upload(tensorflow, feeds[name]!, value.type)]));
}

/** A graph with its parameters on TensorFlow.js. The code that creates it must dispose it. */
export class TensorFlowGraph implements AsyncDisposable {
  readonly #tensorflow: TensorFlow;
  readonly #graph: BoundGraph['graph'];
  readonly #executor: GraphExecutor;
  readonly #parameters: Map<string, LaidTensor>;

  constructor(tensorflow: TensorFlow, { graph, tensors }: { graph: BoundGraph['graph']; tensors: Tensors }) {
    this.#tensorflow = tensorflow;
    this.#graph = graph;
    this.#executor = new GraphExecutor(tensorflow.kernels, graph);
    tensorflow.activate();
    this.#parameters = new Map(
      graph.parameters.map(({ name }) => [name, upload(tensorflow, tensors.get(name)!)]),
    );
  }

  /**
   * Runs once.
   * @returns outputs by name, as float32
   * @throws MicroYoloError `invalid-argument` if an input is missing or has another shape
   */
  async run(feeds: Readonly<Record<string, FedTensor>>): Promise<Readonly<Record<string, Tensor>>> {
    this.#tensorflow.activate();
    const outputs = this.#executor.run(uploadFeeds(this.#tensorflow, this.#graph, feeds), this.#parameters);
    try {
      const read: Record<string, Tensor> = {};
      for (const [name, laid] of outputs) {
        this.#tensorflow.activate();
        read[name] = await download(this.#tensorflow, laid);
      }
      return read;
    } finally {
      disposeAll(outputs);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    disposeAll(this.#parameters);
    this.#parameters.clear();
  }
}
