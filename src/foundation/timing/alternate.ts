import { setTimeout as pause } from 'node:timers/promises';
import { median } from './median.ts';

/** Pause before each contender, because the threads of the previous run spin for a while before they sleep. */
const PAUSE_MS = 20;

/** Something to time. Each call of `run` is one run. */
export interface Contender {
  readonly name: string;
  run(): Promise<unknown>;
}

/** Milliseconds of each contender, one number per round. */
export type Timings = ReadonlyMap<string, readonly number[]>;

/** Runs of a contender per round. The first, with cold caches, does not count. */
const RUNS = 6;

/**
 * Times contenders in alternation, so that slow spells of the machine affect all of them. The order is reversed in each
 * round. A round's time is the median of several runs in a row. One extra round warms up and does not count.
 */
export async function alternate(
  contenders: readonly Contender[],
  rounds: number,
  onRound: () => void = () => {},
): Promise<Timings> {
  const timings = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? contenders : [...contenders].reverse();
    for (const { name, run } of order) {
      await pause(PAUSE_MS);
      const times: number[] = [];
      for (let i = 0; i < RUNS; i++) {
        const start = performance.now();
        await run();
        times.push(performance.now() - start);
      }
      if (round >= 0) timings.get(name)!.push(median(times.slice(1)));
    }
    onRound();
  }
  return timings;
}

/** Median over the rounds of one contender's time divided by another's in the same round. */
export function medianRatio(timings: Timings, name: string, baseline: string): number {
  const [own, base] = [timings.get(name)!, timings.get(baseline)!];
  return median(own.map((value, round) => value / base[round]!));
}
