import { median } from '../../foundation/timing/median.ts';

/** Times of repeated runs, in milliseconds. */
export interface Timings {
  /** Milliseconds of the median run. */
  readonly median: number;
  /** Milliseconds of the fastest run. */
  readonly fastest: number;
  /** Milliseconds of the slowest run. */
  readonly slowest: number;
}

export function summarize(times: readonly number[]): Timings {
  return { median: median(times), fastest: Math.min(...times), slowest: Math.max(...times) };
}
