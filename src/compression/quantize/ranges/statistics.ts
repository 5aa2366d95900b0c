/** A value of a graph for one image. */
export interface ValueMap {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Statistics of a value over all images. */
export interface ValueStatistics {
  readonly least: number;
  readonly most: number;
  /** Mean of each channel of a map [1, channels, rows, columns]. Empty for other values. */
  readonly means: Float64Array;
}

/** Yields the values of a graph by name, for one image after another. */
export type RunImages = () => AsyncIterable<ReadonlyMap<string, ValueMap>>;

interface Running {
  least: number;
  most: number;
  sums: Float64Array;
  elements: number;
}

/** Adds the channel sums of a map, and the number of elements per channel. */
function addSums(running: Running, { shape, data }: ValueMap): void {
  const [, channels = 0] = shape;
  if (shape.length !== 4) return;
  if (running.sums.length !== channels) running.sums = new Float64Array(channels);
  const area = data.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let i = channel * area; i < (channel + 1) * area; i++) sum += data[i]!;
    running.sums[channel]! += sum;
  }
  running.elements += area;
}

/** Reads the ranges and means of a graph's values over images. */
export async function readStatistics(run: RunImages): Promise<ReadonlyMap<string, ValueStatistics>> {
  const found = new Map<string, Running>();
  for await (const values of run()) {
    for (const [name, value] of values) {
      const running = found.get(name) ?? {
        least: Infinity,
        most: -Infinity,
        sums: new Float64Array(),
        elements: 0,
      };
      found.set(name, running);
      for (const number of value.data) {
        if (number < running.least) running.least = number;
        if (number > running.most) running.most = number;
      }
      addSums(running, value);
    }
  }
  return new Map(
    [...found].map(([name, { least, most, sums, elements }]) => [
      name,
      { least, most, means: sums.map((sum) => sum / elements) },
    ]),
  );
}
