import { availableParallelism } from 'node:os';
import { median } from '../../foundation/timing/median.ts';
import type { RuntimeOptions } from '../../options/loading.ts';
import { type BenchmarkModel, openContender } from './contender.ts';

/** Images per second, from file to boxes, for a number of threads and a batch size. */
export interface Throughput {
  /** CPU threads of the network. */
  readonly threads: number;
  /** Images in each run. */
  readonly batch: number;
  /** Images per second of the median run. */
  readonly imagesPerSecond: number;
}

const BATCHES = [1, 4, 8] as const;

/** Powers of two below the number of cores, then all cores. */
export function threadCounts(cores = availableParallelism()): readonly number[] {
  const powers = Array.from({ length: 16 }, (_, power) => 2 ** power).filter((count) => count < cores);
  return [...powers, cores];
}

/** Measures the images per second of a model for each number of threads and batch size. */
export async function measureThroughput(
  { model, batch: own }: BenchmarkModel,
  photo: Uint8Array,
  options: RuntimeOptions,
  steps: number,
): Promise<readonly Throughput[]> {
  const found: Throughput[] = [];
  for (const threads of threadCounts()) {
    await using contender = await openContender(model, { ...options, threads });
    for (const batch of own === undefined ? BATCHES : [own]) {
      const times: number[] = [];
      for (let step = -1; step < Math.max(1, Math.ceil(steps / batch)); step++) {
        const started = performance.now();
        await contender.run(photo, batch);
        if (step >= 0) times.push(performance.now() - started);
      }
      found.push({ threads, batch, imagesPerSecond: (1000 * batch) / median(times) });
    }
  }
  return found;
}
