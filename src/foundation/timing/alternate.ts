import { setTimeout as pause } from 'node:timers/promises';
import { median } from './median.ts';

/** The threads of a finished run spin for a while, at the cost of the next: wait until they sleep. */
const PAUSE_MS = 20;

/** Something to time, run once a call. */
export interface Contender {
  readonly name: string;
  run(): Promise<unknown>;
}

/** Milliseconds of each contender, a number a round. */
export type Timings = ReadonlyMap<string, readonly number[]>;

/** Runs of a contender a round: the first, with cold caches, does not count. */
const RUNS = 6;

/**
 * Times contenders in alternation, the order reversed each round, so that a machine's slow spells fall on
 * all of them. Each round counts the median of a few runs in a row; one round more than `rounds` is run to warm
 * up, and does not count.
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

/** Median over rounds of one contender's time over another's in the same round. */
export function medianRatio(timings: Timings, name: string, baseline: string): number {
  const [own, base] = [timings.get(name)!, timings.get(baseline)!];
  return median(own.map((value, round) => value / base[round]!));
}
