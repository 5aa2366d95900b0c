/**
 * Compression without channel removal on blood cells (BCCD), in legs: each is stored, and interrupted ones
 * resume. `npx tsx scripts/experiments/compress-bccd.ts [MINUTES] [TUNING] [--save]`: MINUTES is the length of each base
 * training (those of prune-bccd.ts are reused), TUNING that of each training during compression.
 *
 * For yolov3-tiny and micro-yolo: Deep Compression stage by stage, and its three initializations at several numbers without
 * training; distribution shift by bits and blocks without training; low rank at half of the parameters, by each method.
 *
 * --save stores the outcomes in results/compress-bccd.json.
 */
import { join } from 'node:path';
import { INITIALIZATIONS } from '../../src/options/compress.ts';
import { compressModel } from '../../src/tasks/compress/compress-model.ts';
import { type DecomposeOptions, decomposeModel } from '../../src/tasks/decompose/decompose-model.ts';
import { reportLatency } from '../../src/tasks/latency/report-latency.ts';
import { KeptOutcomes } from '../benchmarks/results.ts';
import { keptRun } from '../benchmarks/training/kept-run.ts';
import { dataPath } from '../data-folder.ts';
import { numbers } from '../numbers.ts';

const [minutes, tuning] = numbers(30, 30);
const DATA = dataPath('bccd');
const SIZE = 320;
const THREADS = 1;
/** Cells have no upright orientation. */
const augmentation = { flipVertical: 0.5 };
const SPARSITY = 0.7;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const watch = { signal: stop.signal };

interface Outcome {
  /** Size of the model file. */
  readonly bytes: number;
  /** On the split val, 0–1. */
  readonly AP50: number | undefined;
  /** Any other figures. */
  readonly more: object;
}

const outcomes = new KeptOutcomes<{ model: string; way: string }, Outcome>('compress-bccd', {
  ...{ size: SIZE, threads: THREADS, minutes, tuning, sparsity: SPARSITY },
});

async function trained(model: string): Promise<string> {
  const usual = { data: DATA, model, seed: 1, size: SIZE, threads: THREADS, evaluateEvery: 10, augmentation };
  const run = await keptRun(`prune-${model}-1`, { ...usual, maxMinutes: minutes }, stop.signal);
  return join(run, 'best.safetensors');
}

const settings = { augmentation };
const fileOf = (model: string, way: string) =>
  join('runs', `${model}-${way.replaceAll(/[^\w.]+/g, '-')}.safetensors`);

for (const name of ['yolov3-tiny', 'micro-yolo']) {
  const model = await trained(name);
  const usual = { model, data: DATA, size: SIZE, threads: THREADS, settings };

  const compressed = (way: string, options: Omit<Parameters<typeof compressModel>[0], 'model'>) =>
    outcomes.of({ model: name, way }, async () => {
      const out = fileOf(name, way);
      const { reason, bytes, stages } = await compressModel({ ...usual, out, ...options }, watch);
      if (reason === 'interrupted') throw new Error('interrupted; run again to go on');
      const best = Math.max(...stages.slice(1).map(({ AP50 }) => AP50 ?? 0));
      return { bytes, AP50: stages.at(-1)!.AP50 ?? best, more: { stages } };
    });
  await compressed('Deep Compression', { sparsity: SPARSITY, minutes: tuning });
  for (const centers of [16, 64, 256]) {
    for (const initialization of INITIALIZATIONS)
      await compressed(`${centers} numbers, ${initialization}`, { centers, initialization });
  }
  for (const bits of [2, 3, 4, 6, 8]) {
    for (const block of [8, 32, 128])
      await compressed(`${bits} bits, blocks of ${block}`, { method: 'shift', bits, block });
  }
  await compressed('4 bits, depthwise by places', { method: 'shift', depthwise: 'places' });

  const decomposed = (way: string, options: Partial<DecomposeOptions>) =>
    outcomes.of({ model: name, way }, async () => {
      const out = fileOf(name, way);
      const all = { ...usual, parameters: 0.5, minutes: tuning, out, ...options };
      const report = await decomposeModel(all, watch);
      if (report.reason === 'interrupted') throw new Error('interrupted; run again to go on');
      const { AP50, parameters, macs, layers, bytes } = report;
      const ms: number[] = [];
      for (const path of [model, out])
        ms.push((await reportLatency({ model: path, size: SIZE, threads: THREADS, runs: 200 })).measured);
      return { bytes, AP50: AP50!.tuned ?? AP50!.decomposed, more: { AP50, parameters, macs, ms, layers } };
    });
  if (name === 'yolov3-tiny') {
    await decomposed('low rank', {});
    await decomposed('low rank, spatial', { methods: ['spatial', 'svd'] });
    await decomposed('low rank, Tucker-2', { methods: ['tucker', 'svd'] });
    await decomposed('low rank, by energy', { ranks: 'energy' });
  } else await decomposed('low rank, 0.8', { parameters: 0.8 });
}
