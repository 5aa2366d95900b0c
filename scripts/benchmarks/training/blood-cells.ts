/**
 * Trains micro-yolo and yolov3-tiny on blood cells for the same minutes, with several seeds, and measures both on
 * the test split, which training never saw. `npx tsx scripts/benchmarks/training/blood-cells.ts [MINUTES] [SEEDS]
 * [--save]`; runs that are there already (runs/blood-cells-MODEL-SEED, results/blood-cells.json) are not made again, one
 * that was interrupted goes on. --save keeps each seed's outcomes in results/blood-cells.json.
 */
import { join } from 'node:path';
import { evaluateModel, readCheckpoint } from '../../../src/index.ts';
import { dataPath } from '../../data-folder.ts';
import { numbers } from '../../numbers.ts';
import { KeptOutcomes } from '../results.ts';
import { keptRun } from './kept-run.ts';

const [minutes, seeds] = numbers(30, 3);
const MODELS = ['micro-yolo', 'yolov3-tiny'] as const;

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

interface Outcome {
  readonly AP: number;
  readonly AP50: number;
  readonly AP75: number;
  readonly epochs: number;
  readonly minutes: number;
}

async function trainAndMeasure(model: (typeof MODELS)[number], seed: number): Promise<Outcome> {
  const settings = { data: dataPath('bccd'), model, seed, maxMinutes: minutes, evaluateEvery: 10 };
  const folder = await keptRun(`blood-cells-${model}-${seed}`, settings, stop.signal);
  const best = join(folder, 'best.safetensors');
  const { metrics } = await evaluateModel({ data: dataPath('bccd'), split: 'test', model: best });
  const { run } = await readCheckpoint(folder);
  const { AP, AP50, AP75 } = metrics;
  return { AP, AP50, AP75, epochs: run.history.length, minutes: run.seconds / 60 };
}

// A seed's models together: equal minutes say nothing across machines of other speeds.
const outcomes = new KeptOutcomes<{ seed: number }, Record<(typeof MODELS)[number], Outcome>>('blood-cells', {
  minutesEach: minutes,
});
for (let seed = 1; seed <= seeds; seed++) {
  await outcomes.of({ seed }, async () => ({
    'micro-yolo': await trainAndMeasure('micro-yolo', seed),
    'yolov3-tiny': await trainAndMeasure('yolov3-tiny', seed),
  }));
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const means = MODELS.map((model) => ({
  model,
  AP50: mean(outcomes.runs.map((run) => run[model].AP50)),
  AP: mean(outcomes.runs.map((run) => run[model].AP)),
}));
console.table(means);
outcomes.save({ means });
