import type { RuntimeName } from '../../executors/names.ts';
import { encodeOnnx } from '../../executors/onnx/file.ts';
import { lowerPlain } from '../../executors/onnx/plain/lower.ts';
import type { Provider } from '../../executors/onnx/session/options.ts';
import { createSession, type SessionTensors } from '../../executors/onnx/session/session.ts';
import { loadTensorFlow } from '../../executors/tensorflow/load.ts';
import { TensorFlowGraph } from '../../executors/tensorflow/run.ts';
import { type MatrixProduct, matrixProduct } from './matrix-product.ts';

/** Measurements of a runtime. */
export interface Measured {
  readonly device: { readonly kind: 'cpu' | 'gpu'; readonly name: string };
  /** npm package that computes. */
  readonly package: string;
  /** Billions of floating-point operations per second in a matrix product. The result was checked. */
  readonly gflops: number;
}

/** Sides of the matrices, tried until a run takes at least `ENOUGH`. */
const SIDES = [128, 256, 512, 1024, 2048];
/** Minimum duration of a run for reliable timing, in seconds. */
const ENOUGH = 0.1;
const RUNS = 3;

interface Runner extends AsyncDisposable {
  run(feeds: SessionTensors): Promise<SessionTensors>;
}

interface Opened extends Pick<Measured, 'device' | 'package'> {
  load(product: MatrixProduct): Promise<Runner>;
}

async function open(runtime: RuntimeName): Promise<Opened> {
  if (runtime === 'tensorflow' || runtime === 'webgpu') {
    const tensorflow = await loadTensorFlow(runtime);
    const load = async ({ graph }: MatrixProduct) =>
      new TensorFlowGraph(tensorflow, { graph, tensors: new Map() });
    return { device: tensorflow.device, package: tensorflow.package, load };
  }
  const provider = { onnx: 'cpu', 'onnx-cuda': 'cuda', 'onnx-webgpu': 'webgpu' }[runtime] as Provider;
  const load = ({ graph }: MatrixProduct) =>
    createSession(encodeOnnx(lowerPlain({ graph, tensors: new Map() }, 'matrix product')), { provider });
  const name = { cpu: 'CPU', cuda: 'CUDA', webgpu: 'WebGPU' }[provider];
  return { device: { kind: provider === 'cpu' ? 'cpu' : 'gpu', name }, package: 'onnxruntime-node', load };
}

/** Seconds of the fastest run. */
async function fastest(opened: Opened, product: MatrixProduct): Promise<number> {
  await using runner = await opened.load(product);
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    const started = performance.now();
    const { product: result } = await runner.run(product.feeds);
    const seconds = (performance.now() - started) / 1000;
    const { shape, data } = result!;
    if (!product.isRight({ shape, data: data as Float32Array })) {
      throw new Error('a matrix product is wrong');
    }
    // The first run allocates memory and compiles.
    if (run > 0) least = Math.min(least, seconds);
  }
  return least;
}

/**
 * Loads a runtime and measures its speed, including data transfers.
 * @throws MicroYoloError `unsupported` if it does not load or start
 */
export async function measureRuntime(runtime: RuntimeName): Promise<Measured> {
  const opened = await open(runtime);
  let gflops = 0;
  for (const side of SIDES) {
    const product = matrixProduct(side);
    const seconds = await fastest(opened, product);
    gflops = product.operations / seconds / 1e9;
    if (seconds >= ENOUGH) break;
  }
  return { device: opened.device, package: opened.package, gflops };
}
