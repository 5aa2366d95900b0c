/**
 * Detection with every runtime on this machine, compared with PyTorch on the same device: outputs first, then
 * times, alternately. A missing runtime is reported as not measured.
 * `npx tsx scripts/benchmarks/runtimes.ts [ROUNDS] [--gpu] [--save]`; `--gpu` skips runtimes on the CPU
 * and puts PyTorch on CUDA. PYTHON names a Python with torch.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Detector } from '../../src/detection/detector.ts';
import { RUNTIMES } from '../../src/executors/names.ts';
import { MicroYoloError } from '../../src/foundation/errors/errors.ts';
import { writeModel } from '../../src/models/formats/safetensors/model-file.ts';
import { buildDetector, detectorNames } from '../../src/network/registry.ts';
import { thisMachine } from '../../src/tasks/doctor/machine.ts';
import { numbers } from '../numbers.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { median } from './alternate.ts';
import { type Runner, servePeer } from './peer.ts';
import { saveResults } from './results.ts';
import { samplePixels, untrained } from './untrained.ts';

const [rounds] = numbers(9);
const requireGpu = process.argv.includes('--gpu');
/** Runs of a contender per round; the first does not count, because caches are cold. */
const RUNS = 6;
const TOLERANCE = 1e-3;
const peer = fileURLToPath(new URL('network/torch_network.py', import.meta.url));

type Outputs = Awaited<ReturnType<Detector['run']>>;

function largestDifference(found: Outputs, expected: Outputs): number {
  let largest = 0;
  for (const [name, { data }] of Object.entries(expected)) {
    data.forEach((value, place) => {
      const difference = Math.abs(found[name]!.data[place]! - value) / Math.max(1, Math.abs(value));
      if (!(difference <= largest)) largest = difference;
    });
  }
  return largest;
}

async function serveDetector(detector: Detector, pixels: Uint8Array): Promise<Runner> {
  return {
    async run(count) {
      const times: number[] = [];
      for (let index = 0; index < count; index++) {
        const started = performance.now();
        await detector.run(pixels);
        times.push(performance.now() - started);
      }
      return times;
    },
    close: async () => detector[Symbol.asyncDispose](),
  };
}

const folder = temporaryFolder('runtimes');
const networks: { name: string; contenders: { name: string; ms?: number; notMeasured?: string }[] }[] = [];
for (const name of detectorNames) {
  const model = untrained(buildDetector(name));
  const file = join(folder, `${name}.safetensors`);
  await writeModel(file, model);
  const pixels = samplePixels(model.network);
  let expected: Outputs;
  {
    await using reference = await Detector.create(model);
    expected = await reference.run(pixels);
  }
  const runners: [name: string, runner: Runner][] = [];
  const absent: [name: string, why: string][] = [];
  const open = async (label: string, create: () => Promise<[string, Runner]>) => {
    await create().then(
      (runner) => runners.push(runner),
      (error: unknown) => {
        if (!(error instanceof MicroYoloError)) throw error;
        absent.push([label, error.message]);
      },
    );
  };
  const device = requireGpu ? 'cuda' : 'cpu';
  await open('PyTorch', async () => [`PyTorch on ${device}`, await servePeer([peer, file, 'serve', device])]);
  for (const runtime of RUNTIMES) {
    await open(runtime, async () => {
      const detector = await Detector.create(model, { runtime, requireGpu });
      const difference = largestDifference(await detector.run(pixels), expected);
      if (!(difference < TOLERANCE)) throw new Error(`outputs differ by ${difference}`);
      return [detector.runtime, await serveDetector(detector, pixels)];
    });
  }
  const times = new Map<string, number[]>(runners.map(([label]) => [label, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [label, runner] of round % 2 === 0 ? runners : runners.toReversed()) {
      times.get(label)!.push(median((await runner.run(RUNS)).slice(1)));
    }
  }
  for (const [label, own] of times) {
    const ms = median(own);
    console.log(
      `${name.padEnd(14)}${label.padEnd(60)}${ms.toFixed(1).padStart(8)} ms ${(1000 / ms).toFixed(1)} images/s`,
    );
  }
  for (const [label, why] of absent) console.log(`${name.padEnd(14)}${label.padEnd(16)}not measured: ${why}`);
  networks.push({
    name,
    contenders: [
      ...[...times].map(([label, own]) => ({ name: label, ms: median(own) })),
      ...absent.map(([label, notMeasured]) => ({ name: label, notMeasured })),
    ],
  });
  for (const [, runner] of runners) await runner.close();
}
saveResults(requireGpu ? 'runtimes-gpu' : 'runtimes', { gpus: (await thisMachine()).nvidia, networks });
process.exit(0);
