/** Of runs of the same work, in milliseconds. */
export interface Timings {
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
}

export function summarize(times: readonly number[]): Timings {
  const sorted = times.toSorted((a, b) => a - b);
  const median = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
  return { median, fastest: sorted[0]!, slowest: sorted.at(-1)! };
}
