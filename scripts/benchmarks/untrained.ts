import { createSession } from '../../src/executors/onnx/session/session.ts';
import { compileModel } from '../../src/models/compile/compile.ts';
import { IMAGE_INPUT } from '../../src/models/forward/photograph.ts';
import { initializeWeights } from '../../src/models/initialize.ts';
import { DEFAULT_RECIPE, type Model } from '../../src/models/model.ts';
import type { Network } from '../../src/network/layers.ts';
import type { Contender } from './alternate.ts';

/** A network of 80 classes with its initial weights. */
export function untrained(network: Network): Model {
  const classes = Array.from({ length: 80 }, (_, index) => `class ${index}`);
  return { network, weights: initializeWeights(network, 1), classes, recipe: DEFAULT_RECIPE, provenance: {} };
}

/** Pixels for a network's input, [height, width, 3]; the same each time. */
export function samplePixels({ input: [channels, height, width] }: Network): Uint8Array {
  return Uint8Array.from({ length: channels * height * width }, (_, index) => (index * 2654435761) >>> 24);
}

/** The network on ONNX Runtime, one image per run. */
export async function networkContender(network: Network): Promise<Contender> {
  const session = await createSession(compileModel(untrained(network)));
  const [channels, height, width] = network.input;
  const feeds = { [IMAGE_INPUT]: { shape: [1, height, width, channels], data: samplePixels(network) } };
  return { name: network.name, run: () => session.run(feeds) };
}
