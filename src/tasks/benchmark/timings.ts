import { median } from '../../foundation/timing/median.ts';

/** Of runs of the same work, in milliseconds. */
export interface Timings {
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
}

export function summarize(times: readonly number[]): Timings {
  return { median: median(times), fastest: Math.min(...times), slowest: Math.max(...times) };
}
