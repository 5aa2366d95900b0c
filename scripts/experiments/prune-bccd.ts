/**
 * Pruning and search on blood cells (BCCD), three seeds, in legs: each is stored, and interrupted ones
 * resume. `npx tsx scripts/experiments/prune-bccd.ts [SEEDS] [MINUTES] [--save]`: MINUTES is the length of each base training.
 *
 * 1. micro-yolo-base is trained, then pruned within 0.7 points of AP50 on the split val, by l1 and, with the first seed, by
 *    the other kinds of importance, which shows how little they matter.
 * 2. yolov3-tiny is trained, then pruned in one step to half of its multiply-accumulates.
 * 3. Widths of micro-yolo are searched by milliseconds and by multiply-accumulates, with the same trials.
 *
 * --save stores the outcomes in results/prune-bccd.json, and copies the first seed's journal to results/prune-bccd.jsonl.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluateModel } from '../../src/tasks/evaluate/evaluate-model.ts';
import { reportLatency } from '../../src/tasks/latency/report-latency.ts';
import { type PruneOptions, pruneDetector } from '../../src/tasks/prune/prune-detector.ts';
import { searchDetectors } from '../../src/tasks/search/search-detectors.ts';
import { KeptOutcomes } from '../benchmarks/results.ts';
import { keptRun } from '../benchmarks/training/kept-run.ts';
import { dataPath } from '../data-folder.ts';
import { numbers } from '../numbers.ts';

const [seeds, minutes] = numbers(3, 30);
const DATA = dataPath('bccd');
const SIZE = 320;
const THREADS = 1;
/** Cells have no upright orientation. */
const augmentation = { flipVertical: 0.5 };
const PRUNING = { maxDrop: 0.7, epochs: 6, finalEpochs: 60, scratchEpochs: 120 };
const IMPORTANCES = ['norm-scale', 'taylor', 'random'] as const;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

interface Figures {
  readonly parameters: number;
  readonly macs: number;
  /** Measured directly, not from the table. */
  readonly ms: number;
  /** On the split val, which pruning used, and on test. */
  readonly val: number;
  readonly test: number;
}

interface Outcome {
  readonly before: Figures;
  readonly after: Figures;
}

const outcomes = new KeptOutcomes<{ name: string; seed: number }, Outcome>('prune-bccd', {
  ...{ size: SIZE, threads: THREADS, minutes, pruning: PRUNING },
});

async function figures(
  model: string,
  costs: { readonly parameters: number; readonly macs: number },
): Promise<Figures> {
  const AP50 = async (split: string) =>
    (await evaluateModel({ data: DATA, split, model, size: SIZE, threads: THREADS })).metrics.AP50;
  const { measured } = await reportLatency({ model, size: SIZE, threads: THREADS, runs: 200 });
  return { ...costs, ms: measured, val: await AP50('val'), test: await AP50('test') };
}

async function trained(model: string, seed: number): Promise<string> {
  const settings = {
    data: DATA,
    model,
    seed,
    size: SIZE,
    maxMinutes: minutes,
    threads: THREADS,
    evaluateEvery: 10,
    augmentation,
  };
  return join(await keptRun(`prune-${model}-${seed}`, settings, stop.signal), 'best.safetensors');
}

async function pruned(
  name: string,
  model: string,
  seed: number,
  options: Partial<PruneOptions>,
): Promise<Outcome> {
  const out = join('runs', `pruned-${name}-${seed}`);
  const settings = { augmentation };
  const all = {
    model,
    data: DATA,
    out,
    seed,
    size: SIZE,
    threads: THREADS,
    settings,
    ...options,
    signal: stop.signal,
  };
  const {
    reason,
    lines,
    model: thin,
  } = await pruneDetector(all, (event) => {
    if (event.type === 'line') console.log(`${name} ${seed}:`, JSON.stringify(event.line));
  });
  if (reason === 'interrupted' || thin === undefined) throw new Error('interrupted; run again to go on');
  const [start, end] = [lines[0]!, lines.at(-1)!];
  if (process.argv.includes('--save') && name === 'micro-yolo-base-l1' && seed === 1) {
    copyFileSync(join(out, 'journal.jsonl'), 'results/prune-bccd.jsonl');
  }
  return { before: await figures(model, start), after: await figures(thin, end) };
}

for (let seed = 1; seed <= seeds; seed++) {
  const base = await trained('micro-yolo-base', seed);
  for (const importance of seed === 1 ? (['l1', ...IMPORTANCES] as const) : (['l1'] as const)) {
    const name = `micro-yolo-base-${importance}`;
    await outcomes.of({ name, seed }, () => pruned(name, base, seed, { ...PRUNING, importance }));
  }
  const tiny = await trained('yolov3-tiny', seed);
  const half = { macs: '50%', finalEpochs: PRUNING.finalEpochs };
  await outcomes.of({ name: 'yolov3-tiny-half', seed }, () => pruned('yolov3-tiny-half', tiny, seed, half));
  for (const objective of ['latency', 'macs'] as const) {
    const out = join('runs', `search-${objective}-${seed}`);
    const searching = {
      model: 'micro-yolo',
      data: DATA,
      out,
      objective,
      space: ['widths', 'depths'] as const,
    };
    const budget = { trials: 24, epochs: 6, rungs: 2, factor: 4, size: SIZE, seed, threads: THREADS };
    const all = { ...searching, ...budget, settings: { augmentation }, signal: stop.signal };
    const { reason, ranking } = await searchDetectors(all, (event) => {
      if (event.type === 'item') console.log(`search ${objective} ${seed}:`, JSON.stringify(event.line));
    });
    if (reason === 'interrupted') throw new Error('interrupted; run again to go on');
    console.table(ranking.map(({ AP, AP50, macs, ms, choices }) => ({ AP, AP50, macs, ms, ...choices })));
  }
}

const share = (name: keyof Figures) => (outcome: Outcome) => outcome.after[name] / outcome.before[name];
console.table(
  outcomes.runs.map((run) => ({
    ...{
      name: run.name,
      seed: run.seed,
      before: run.before.val,
      'val points': 100 * (run.after.val - run.before.val),
    },
    ...{ 'test points': 100 * (run.after.test - run.before.test), parameters: share('parameters')(run) },
    ...{ macs: share('macs')(run), ms: share('ms')(run) },
  })),
);
outcomes.save();
