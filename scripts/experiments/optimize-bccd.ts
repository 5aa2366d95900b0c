/**
 * `optimize` for micro-yolo on blood cells (BCCD) within one point of AP50 on the split val: at least 3 × faster than in
 * float, three seeds. `npx tsx scripts/experiments/optimize-bccd.ts [SEEDS] [MINUTES] [SEARCH] [--save]`: MINUTES is the length
 * of each training, SEARCH that of each search, with one thread. Each part is stored, and interrupted ones resume.
 * AP50 is measured on val, which the search used, and on test. Times are medians of alternating runs with one thread.
 */
import { basename, join } from 'node:path';
import { compareNetworks } from '../../src/api/models.ts';
import { optimizeDetector } from '../../src/api/training.ts';
import { evaluateModel } from '../../src/tasks/evaluate/evaluate-model.ts';
import { KeptOutcomes } from '../benchmarks/results.ts';
import { keptRun } from '../benchmarks/training/kept-run.ts';
import { dataPath } from '../data-folder.ts';
import { numbers } from '../numbers.ts';

const [seeds, minutes, search] = numbers(3, 30, 60);
const DATA = dataPath('bccd');
const SIZE = 320;
const THREADS = 1;
const MAX_DROP = 1;
/** Cells have no upright orientation. */
const augmentation = { flipVertical: 0.5 };

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

/** For the float model and the best file. */
type Pair = readonly [before: number, after: number];

interface Figures {
  readonly val: Pair;
  readonly test: Pair;
  readonly ms: Pair;
  readonly megabytes: Pair;
  readonly speedup: number;
  /** The kind of the best file, and its step. */
  readonly file: string;
  readonly steps: number;
  readonly why: string;
}

const outcomes = new KeptOutcomes<{ seed: number }, Figures>('optimize-bccd', {
  ...{ size: SIZE, threads: THREADS, minutes, search, maxDrop: MAX_DROP },
});

async function trained(seed: number): Promise<string> {
  const settings = {
    ...{ data: DATA, model: 'micro-yolo', seed, size: SIZE, maxMinutes: minutes, threads: THREADS },
    ...{ evaluateEvery: 10, augmentation },
  };
  return join(await keptRun(`optimize-micro-yolo-${seed}`, settings, stop.signal), 'best.safetensors');
}

async function optimized(seed: number): Promise<Figures> {
  const model = await trained(seed);
  const { best, lines } = await optimizeDetector(
    {
      ...{ model, data: DATA, seed, threads: THREADS, maxDrop: MAX_DROP, minutes: search },
      ...{ out: join('runs', `optimized-${seed}`), settings: { augmentation } },
    },
    {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'line') console.log(`seed ${seed}:`, JSON.stringify(event.line));
      },
    },
  );
  if (!best) throw new Error('interrupted; run again to go on');
  const networks = [model, join('runs', `optimized-${seed}`, best.model)] as const;
  const of = async (split: string): Promise<Pair> => {
    const AP50 = async (file: string) =>
      (await evaluateModel({ data: DATA, split, model: file, threads: THREADS })).metrics.AP50;
    return [await AP50(networks[0]), await AP50(networks[1])];
  };
  const [before, after] = await compareNetworks({ networks, threads: THREADS, rounds: 30 });
  const ms = [before!.milliseconds!, after!.milliseconds!] as const;
  return {
    ...{ val: await of('val'), test: await of('test'), ms, speedup: ms[0] / ms[1] },
    megabytes: [before!.bytes! / 1e6, after!.bytes! / 1e6],
    ...{ file: basename(best.copied), why: best.why },
    steps: lines.filter((line) => line.type === 'step').length,
  };
}

for (let seed = 1; seed <= seeds; seed++) await outcomes.of({ seed }, () => optimized(seed));
console.table(
  outcomes.runs.map(({ seed, val, test, speedup }) => ({
    ...{
      seed,
      baseline: val[0],
      'val points': 100 * (val[1] - val[0]),
      'test points': 100 * (test[1] - test[0]),
    },
    ...{
      speedup,
      'at least 3 × faster': speedup >= 3,
      'at most 1 point lost': 100 * (val[0] - val[1]) <= MAX_DROP,
    },
  })),
);
