/**
 * Our training steps, on every engine, compared with PyTorch's: losses of 20 steps from the same weights and data
 * first, then times, alternately. The whole step: loss, clipping, SGD with Nesterov momentum, moving
 * average. `npx tsx scripts/benchmarks/training/training.ts [ROUNDS] [--gpu] [--save]`; `--gpu` skips engines
 * on the CPU and puts PyTorch on CUDA. A missing engine is reported as not measured. PYTHON
 * names a Python with torch.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineName } from '../../../src/executors/step/names.ts';
import { createEngine } from '../../../src/executors/step/select.ts';
import { MicroYoloError } from '../../../src/foundation/errors/errors.ts';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { writeSafetensors } from '../../../src/models/formats/safetensors/safetensors.ts';
import { initializeWeights } from '../../../src/models/initialize.ts';
import { DEFAULT_RECIPE } from '../../../src/models/model.ts';
import { buildDetector } from '../../../src/network/registry.ts';
import { BENCHMARK_ROOM } from '../../../src/tasks/benchmark/benchmark-training.ts';
import { BENCHMARK_SCALARS, drawnImages } from '../../../src/tasks/benchmark/drawn-images.ts';
import { thisMachine } from '../../../src/tasks/doctor/machine.ts';
import { bestAnchor } from '../../../src/training/assigners/best-anchor.ts';
import { yoloHeads } from '../../../src/training/heads/targets.ts';
import { detectionBatch } from '../../../src/training/loader/batch.ts';
import { initialState } from '../../../src/training/step/state.ts';
import { buildTrainingStep } from '../../../src/training/step/step.ts';
import { numbers } from '../../numbers.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { median } from '../alternate.ts';
import { python, type Runner, servePeer } from '../peer.ts';
import { saveResults } from '../results.ts';

const BATCH = 8;
const SIDE = 320;
const CHECKED_STEPS = 20;
/** Steps of a contender per round. */
const STEPS = 3;
/** Largest relative differences of losses. */
const TOLERANCE = 1e-3;
const FIRST_TOLERANCE = 1e-5;
const THREADS = 2;

const peer = fileURLToPath(new URL('torch_step.py', import.meta.url));
const requireGpu = process.argv.includes('--gpu');
/** Names in the tables. */
const ENGINES: readonly (readonly [label: string, engine: EngineName])[] = requireGpu
  ? [
      ['ours, TensorFlow.js', 'tensorflow'],
      ['ours, CUDA', 'onnx-cuda'],
      ['ours, TensorFlow.js on WebGPU', 'webgpu'],
      ['ours, WebGPU', 'onnx-webgpu'],
    ]
  : [
      ['ours, blocked', 'onnx-blocked'],
      ['ours, plain', 'onnx-plain'],
      ['ours, TensorFlow.js', 'tensorflow'],
    ];
const [rounds] = numbers(9);

/** Networks that the peer has too. */
const NAMES = ['micro-yolo', 'yolov3-tiny'] as const;

async function prepare(name: (typeof NAMES)[number], folder: string) {
  const network = buildDetector(name, { size: SIDE });
  const weights = initializeWeights(network, 1);
  const classes = Array.from({ length: 80 }, (_, index) => `class ${index}`);
  const modelFile = join(folder, `${name}.safetensors`);
  await writeModel(modelFile, { network, weights, classes, recipe: DEFAULT_RECIPE, provenance: {} });
  const input = { width: SIDE, height: SIDE };
  const images = drawnImages(BATCH, input, classes.length);
  const { tensors } = detectionBatch(images, input, yoloHeads(network), bestAnchor, BENCHMARK_ROOM);
  const dataFile = join(folder, `${name}.data.safetensors`);
  const entries = Object.entries(tensors).map(([key, { shape, data }]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [
      key,
      { type: data instanceof Uint8Array ? ('U8' as const) : ('F32' as const), shape, bytes },
    ] as const;
  });
  const metadata = { step: JSON.stringify({ scalars: BENCHMARK_SCALARS }) };
  await writeSafetensors(dataFile, { tensors: new Map(entries), metadata });
  const step = buildTrainingStep(network, { batch: BATCH, truths: BENCHMARK_ROOM, pixels: DEFAULT_RECIPE });
  const create = async (engine: EngineName) => {
    const created = await createEngine(step, BATCH, initialState(step, weights), {
      engine,
      requireGpu,
      threads: THREADS,
    });
    return created.engine;
  };
  return { modelFile, dataFile, tensors, create };
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

async function losses({ tensors, create }: Prepared, name: EngineName): Promise<readonly number[]> {
  await using engine = await create(name);
  const found: number[] = [];
  for (let step = 0; step < CHECKED_STEPS; step++) {
    found.push((await engine.step(tensors, BENCHMARK_SCALARS)).metrics['loss']!);
  }
  return found;
}

async function serveEngine({ tensors, create }: Prepared, name: EngineName): Promise<Runner> {
  const engine = await create(name);
  const run = async (steps: number) => {
    const times: number[] = [];
    for (let step = 0; step < steps; step++) {
      const started = performance.now();
      await engine.step(tensors, BENCHMARK_SCALARS);
      times.push(performance.now() - started);
    }
    return times;
  };
  await run(2);
  return { run, close: async () => engine[Symbol.asyncDispose]() };
}

const folder = temporaryFolder('training');
const notMeasured: { network: string; engine: EngineName; because: string }[] = [];
const results: { name: string; contenders: { name: string; ms: number; ratio: number }[] }[] = [];
for (const name of NAMES) {
  const prepared = await prepare(name, folder);
  const args = [prepared.modelFile, String(BATCH), String(SIDE), prepared.dataFile];
  const check = (...flags: readonly string[]) => {
    const text = execFileSync(python, [peer, ...args, String(CHECKED_STEPS), 'check', ...flags], {
      encoding: 'utf8',
    });
    return (JSON.parse(text) as { losses: readonly number[] }).losses;
  };
  const expected = check();
  const distance = (found: readonly number[]) =>
    Math.max(...found.map((loss, step) => Math.abs(loss / expected[step]! - 1)));
  // Untrained networks amplify rounding errors step by step; PyTorch's own two layouts show by how much.
  const own = distance(check('--channels-last'));
  const device = requireGpu ? ['--device', 'cuda'] : [];
  const serve = [peer, ...args, '2', 'serve', '--threads', String(THREADS), ...device];
  const contenders: (readonly [string, Runner])[] = [
    ['PyTorch, channels_last', await servePeer([...serve, '--channels-last'])],
    ['PyTorch', await servePeer(serve)],
  ];
  for (const [label, engine] of ENGINES) {
    let found: readonly number[];
    try {
      found = await losses(prepared, engine);
    } catch (error) {
      if (!(error instanceof MicroYoloError)) throw error;
      console.log(`${name}, ${engine}: not measured: ${error.message}`);
      notMeasured.push({ network: name, engine, because: error.message });
      continue;
    }
    const [first, worst] = [distance(found.slice(0, 1)), distance(found)];
    console.log(
      `${name}, ${engine}: the first loss within ${first.toExponential(1)} of PyTorch's, ${CHECKED_STEPS} within ${worst.toExponential(1)}; PyTorch's layouts within ${own.toExponential(1)}`,
    );
    if (!(first < FIRST_TOLERANCE && worst < Math.max(TOLERANCE, 3 * own))) {
      throw new Error(`${name}, ${engine}: losses differ by ${worst}`);
    }
    contenders.push([label, await serveEngine(prepared, engine)]);
  }
  const times = new Map<string, number[]>(contenders.map(([contender]) => [contender, []]));
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const [contender, { run }] of order) times.get(contender)!.push(median(await run(STEPS)));
  }
  const base = times.get(contenders[0]![0])!;
  const rows = contenders.map(([contender]) => {
    const own = times.get(contender)!;
    const ratio = median(own.map((value, round) => base[round]! / value));
    return { name: contender, ms: median(own), ratio };
  });
  for (const { name: contender, ms, ratio } of rows) {
    const rate = ((1000 * BATCH) / ms).toFixed(1);
    console.log(
      `${name.padEnd(14)}${contender.padEnd(24)}${ms.toFixed(0).padStart(6)} ms ${rate.padStart(6)} images/s ${ratio.toFixed(2)} × PyTorch`,
    );
  }
  results.push({ name, contenders: rows });
  for (const [, { close }] of contenders) await close();
}
saveResults(requireGpu ? 'training-gpu' : 'training', {
  gpus: (await thisMachine()).nvidia,
  batch: BATCH,
  side: SIDE,
  networks: results,
  notMeasured,
});
process.exit(0);
