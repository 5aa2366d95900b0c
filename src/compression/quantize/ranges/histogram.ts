import type { RunImages, ValueStatistics } from './statistics.ts';

/** Distribution of a value, in bins of equal width from `least` to `most`. */
export interface Histogram {
  readonly least: number;
  readonly most: number;
  readonly counts: Float64Array;
}

const BINS = 2048;

/** Counts the values of a graph over images, within known ranges. */
export async function readHistograms(
  run: RunImages,
  statistics: ReadonlyMap<string, ValueStatistics>,
): Promise<ReadonlyMap<string, Histogram>> {
  const found = new Map(
    [...statistics].map(([name, { least, most }]) => [name, { least, most, counts: new Float64Array(BINS) }]),
  );
  for await (const values of run()) {
    for (const [name, { data }] of values) {
      const { least, most, counts } = found.get(name)!;
      const perUnit = most > least ? BINS / (most - least) : 0;
      for (const number of data) counts[Math.min(BINS - 1, Math.floor((number - least) * perUnit))]!++;
    }
  }
  return found;
}
