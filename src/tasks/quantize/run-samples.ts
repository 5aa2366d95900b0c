import type { RunImages } from '../../compression/quantize/ranges/statistics.ts';
import { GraphNetwork } from '../../detection/foreign/graph-network.ts';
import { checkAborted } from '../../foundation/abort.ts';
import type { PreparedImage } from '../../image/prepare.ts';
import type { GraphModel } from '../../models/graph-model.ts';

export interface RunSamplesOptions {
  readonly threads: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onImage: () => void;
}

/** Runs a graph on images, one after the other. Yields the named values of each. */
export function runSamples(
  model: GraphModel,
  values: readonly string[],
  samples: readonly PreparedImage[],
  { threads, signal, onImage }: RunSamplesOptions,
): RunImages {
  return async function* () {
    await using network = await GraphNetwork.open(model, { threads, features: values });
    for (const sample of samples) {
      checkAborted(signal);
      const { maps } = await network.run(network.feeds(sample));
      // Lets signals arrive between runs, which block the thread.
      await new Promise((resolve) => setImmediate(resolve));
      onImage();
      yield new Map(Object.entries(maps));
    }
  };
}
