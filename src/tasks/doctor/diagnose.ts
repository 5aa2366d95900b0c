import { createRequire } from 'node:module';
import { RUNTIMES } from '../../executors/names.ts';
import { blockSize } from '../../executors/onnx/step/block-size.ts';
import { checkBlocked } from '../../executors/onnx/step/check-blocked.ts';
import { optionValues } from '../../foundation/errors/named-options.ts';
import { type Examined, examine } from './examine.ts';
import { type Machine, thisMachine } from './machine.ts';
import { remedyOf } from './remedies.ts';

export interface DiagnosedRuntime extends Examined {
  /** The one command that would fix it. */
  readonly remedy?: string;
}

/** What is taken for a purpose where nobody names another. */
export interface Taken {
  readonly name: string;
  readonly device: string;
  /** Why nothing better is taken. */
  readonly because: string;
}

export interface Diagnosis {
  readonly machine: Machine;
  readonly runtimes: readonly DiagnosedRuntime[];
  readonly detection: Taken;
  readonly training: Taken;
  /** The package that draws. */
  readonly drawing: { readonly name: string; readonly remedy?: string };
}

/** Elsewhere than on Linux, canvas comes compiled or not at all. */
const CANVAS =
  process.platform === 'linux'
    ? 'apt-get install build-essential libcairo2-dev libpango1.0-dev libjpeg-dev libgif-dev librsvg2-dev && npm install canvas'
    : 'npm install canvas';

const isGpu = ({ device }: Examined) => device?.kind === 'gpu';

/** A GPU that multiplies more slowly than the CPU is the CPU in its stead, whatever it calls itself. */
export function unmasked(examined: Examined, cpu: Examined | undefined): Examined {
  const { device, gflops = 0 } = examined;
  if (device?.kind !== 'gpu' || gflops >= (cpu?.gflops ?? 0)) return examined;
  return { ...examined, device: { kind: 'cpu', name: `${device.name} in software` } };
}

/** Runtimes that work here on a GPU. */
export const gpuRuntimes = ({ runtimes }: Pick<Diagnosis, 'runtimes'>) => runtimes.filter(isGpu);

const rate = ({ gflops = 0 }: Examined) => `${gflops < 10 ? gflops.toFixed(1) : gflops.toFixed(0)} GFLOP/s`;

/** A word on the fastest GPU that is there and not taken. */
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
 * Finds out what computes on this machine by letting every runtime multiply matrices, one after the other.
 * @param onExamined hears of each
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
