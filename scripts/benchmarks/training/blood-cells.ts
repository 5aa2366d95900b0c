/**
 * Trains micro-yolo and yolov3-tiny on blood cells for the same minutes, with several seeds, and measures both on
 * the test split, which training never saw. `npx tsx scripts/benchmarks/training/blood-cells.ts [MINUTES] [SEEDS]
 * [--save]`; runs that are there already (runs/blood-cells-MODEL-SEED) are not made again, one that was
 * interrupted goes on. --save writes results/blood-cells.json.
 */
import { join } from 'node:path';
import { evaluateModel, readCheckpoint } from '../../../src/index.ts';
import { dataPath } from '../../data-folder.ts';
import { saveResults } from '../results.ts';
import { keptRun } from './kept-run.ts';

const [minutes = 30, seeds = 3] = process.argv
  .slice(2)
  .filter((arg) => !arg.startsWith('--'))
  .map(Number);
const MODELS = ['micro-yolo', 'yolov3-tiny'] as const;

interface Outcome {
  readonly model: string;
  readonly seed: number;
  readonly AP: number;
  readonly AP50: number;
  readonly AP75: number;
  readonly epochs: number;
  readonly minutes: number;
}

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const runs: Outcome[] = [];
for (let seed = 1; seed <= seeds; seed++) {
  for (const model of MODELS) {
    const settings = { data: dataPath('bccd'), model, seed, maxMinutes: minutes, evaluateEvery: 10 };
    const folder = await keptRun(`blood-cells-${model}-${seed}`, settings, stop.signal);
    const { metrics } = await evaluateModel({
      data: dataPath('bccd'),
      split: 'test',
      model: join(folder, 'best.safetensors'),
    });
    const { run } = await readCheckpoint(folder);
    const { AP, AP50, AP75 } = metrics;
    runs.push({ model, seed, AP, AP50, AP75, epochs: run.history.length, minutes: run.seconds / 60 });
    console.table(runs);
  }
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const means = MODELS.map((model) => ({
  model,
  AP50: mean(runs.flatMap((run) => (run.model === model ? [run.AP50] : []))),
  AP: mean(runs.flatMap((run) => (run.model === model ? [run.AP] : []))),
}));
console.table(means);
saveResults('blood-cells', { minutes, runs, means });
