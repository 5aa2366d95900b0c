import { createRequire } from 'node:module';
import { RUNTIMES } from '../../executors/names.ts';
import { blockSize } from '../../executors/onnx/step/block-size.ts';
import { checkBlocked } from '../../executors/onnx/step/check-blocked.ts';
import { optionValues } from '../../foundation/errors/named-options.ts';
import { type Examined, examine } from './examine.ts';
import { type Machine, thisMachine } from './machine.ts';
import { remedyOf } from './remedies.ts';

export interface DiagnosedRuntime extends Examined {
  /** Command that would fix the problem. */
  readonly remedy?: string;
}

/** The default runtime for a purpose. */
export interface Taken {
  readonly name: string;
  readonly device: string;
  /** Why it is the default. */
  readonly because: string;
}

export interface Diagnosis {
  readonly machine: Machine;
  readonly runtimes: readonly DiagnosedRuntime[];
  readonly detection: Taken;
  readonly training: Taken;
  /** Package that draws. */
  readonly drawing: { readonly name: string; readonly remedy?: string };
}

/** Command that installs node-canvas. On other systems than Linux, only prebuilt binaries are offered. */
const CANVAS =
  process.platform === 'linux'
    ? 'apt-get install build-essential libcairo2-dev libpango1.0-dev libjpeg-dev libgif-dev librsvg2-dev && npm install canvas'
    : 'npm install canvas';

const isGpu = ({ device }: Examined) => device?.kind === 'gpu';

/** Reports a "GPU" that multiplies more slowly than the CPU as a CPU: it is a software emulation, whatever its name. */
export function unmasked(examined: Examined, cpu: Examined | undefined): Examined {
  const { device, gflops = 0 } = examined;
  if (device?.kind !== 'gpu' || gflops >= (cpu?.gflops ?? 0)) return examined;
  return { ...examined, device: { kind: 'cpu', name: `${device.name} in software` } };
}

/** Runtimes that compute on a GPU on this machine. */
export const gpuRuntimes = ({ runtimes }: Pick<Diagnosis, 'runtimes'>) => runtimes.filter(isGpu);

const rate = ({ gflops = 0 }: Examined) => `${gflops < 10 ? gflops.toFixed(1) : gflops.toFixed(0)} GFLOP/s`;

/** Compares the chosen runtime with the fastest GPU. */
function alternative(runtimes: readonly Examined[], taken: Examined, name: 'runtime' | 'engine'): string {
  const [best] = runtimes.filter(isGpu).sort((a, b) => b.gflops! - a.gflops!);
  if (!best) return 'no runtime finds a GPU';
  const compared = `${best.runtime} on ${best.device!.name} multiplies matrices at ${rate(best)}, ${taken.runtime} at ${rate(taken)}`;
  return best.gflops! > (taken.gflops ?? 0)
    ? `${compared}: choose it with ${optionValues({ [name]: best.runtime })}`
    : `${compared}: no faster`;
}

function detection(runtimes: readonly Examined[]): Taken {
  const onnx = runtimes.find(({ runtime }) => runtime === 'onnx')!;
  return { name: 'onnx', device: 'CPU', because: alternative(runtimes, onnx, 'runtime') };
}

async function training(runtimes: readonly Examined[]): Promise<Taken> {
  const [onnx, tensorflow] = (['onnx', 'tensorflow'] as const).map(
    (name) => runtimes.find(({ runtime }) => runtime === name)!,
  ) as [Examined, Examined];
  if (isGpu(tensorflow)) {
    return { name: 'tensorflow', device: tensorflow.device!.name, because: 'it computes on the GPU' };
  }
  const because = alternative(runtimes, onnx, 'engine');
  const block = await blockSize();
  const problem = block === undefined ? 'this CPU has none' : await checkBlocked(block);
  if (problem === undefined) return { name: 'onnx-blocked', device: 'CPU', because };
  return { name: 'onnx-plain', device: 'CPU', because: `the blocked layout: ${problem}; ${because}` };
}

function drawing(): Diagnosis['drawing'] {
  try {
    createRequire(import.meta.url)('canvas');
    return { name: 'node-canvas' };
  } catch {
    return { name: '@napi-rs/canvas', remedy: CANVAS };
  }
}

/**
 * Tests every runtime on this machine, one after the other, by multiplying matrices.
 * @param onExamined called after each runtime
 */
export async function diagnose(onExamined: (examined: Examined) => void = () => {}): Promise<Diagnosis> {
  const machine = await thisMachine();
  const runtimes: DiagnosedRuntime[] = [];
  for (const runtime of RUNTIMES) {
    // ONNX Runtime on the CPU comes first.
    const examined = unmasked(await examine(runtime), runtimes[0]);
    const remedy = remedyOf(examined, machine);
    runtimes.push({ ...examined, ...(remedy === undefined ? {} : { remedy }) });
    onExamined(examined);
  }
  return {
    machine,
    runtimes,
    detection: detection(runtimes),
    training: await training(runtimes),
    drawing: drawing(),
  };
}
