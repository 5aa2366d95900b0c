import type { Size } from '../../boxes/formats.ts';
import { GraphNetwork } from '../../detection/foreign/graph-network.ts';
import { measureGraph } from '../../detection/foreign/measure-graph.ts';
import { openGraphModel } from '../../detection/foreign/open-graph.ts';
import { createSession } from '../../executors/onnx/session/session.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { placeImage } from '../../image/letterbox.ts';
import { compileModel } from '../../models/compile/compile.ts';
import { IMAGE_INPUT } from '../../models/forward/photograph.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import { initializeWeights } from '../../models/initialize.ts';
import { loadNetwork, modelFile } from '../../models/load.ts';
import { DEFAULT_RECIPE, type Provenance } from '../../models/model.ts';
import { sizedNetwork } from '../../models/running/load-sized.ts';
import { type Cost, networkCost } from '../../network/cost.ts';
import type { ComparedNetwork } from './compared-network.ts';

/** A network to compare, with its cost. */
export interface Loaded {
  readonly name: string;
  readonly provenance: Provenance;
  readonly input: Size;
  /** Images per run. */
  readonly batch: number;
  readonly cost: Cost & Pick<ComparedNetwork, 'activationMemory' | 'uncounted'>;
  open(threads: number | undefined): Promise<Opened>;
}

/** A network that is ready to run. */
export interface Opened extends AsyncDisposable {
  run(): Promise<unknown>;
}

/** Loads one of this library's networks. It is timed with random weights, which take the same time as trained ones. */
async function loadOwn(name: string, size: number | Size | undefined): Promise<Loaded> {
  const loaded = await loadNetwork(name);
  const network = sizedNetwork(loaded.network, size);
  const [channels, height, width] = network.input;
  const { layers: _, ...cost } = networkCost(network);
  return {
    name,
    provenance: loaded.provenance ?? {},
    input: { width, height },
    batch: 1,
    cost,
    async open(threads) {
      const weights = initializeWeights(network, 1);
      const model = { network, weights, classes: [], recipe: DEFAULT_RECIPE, provenance: {} };
      const session = await createSession(compileModel(model), { threads });
      const data = Uint8Array.from({ length: channels * height * width }, (_, i) => (i * 2654435761) >>> 24);
      const feeds = { [IMAGE_INPUT]: { shape: [1, height, width, channels], data } };
      return {
        run: () => session.run(feeds),
        [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
      };
    },
  };
}

/** Loads an imported graph. */
async function loadForeign(name: string, model: GraphModel): Promise<Loaded> {
  const { nodes: _, parameters, ...cost } = (await measureGraph(model)).cost;
  const { width, height } = model.input;
  const input = { width, height };
  return {
    name,
    provenance: model.provenance,
    input,
    batch: model.input.batch,
    cost: { ...cost, flops: 2 * cost.macs, parameters: { trainable: parameters, total: parameters } },
    async open(threads) {
      const network = await GraphNetwork.open(model, { threads });
      const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 2654435761) >>> 24);
      const feeds = network.feeds({ pixels, input, placement: placeImage(input, input, 'stretch') });
      return {
        run: () => network.run(feeds),
        [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
      };
    },
  };
}

/** Loads a network. @throws MicroYoloError if it is unknown */
export async function loadContender(name: string, size: number | Size | undefined): Promise<Loaded> {
  const graph = await openGraphModel(await modelFile(name), { size });
  return await (graph ? loadForeign(name, graph.model) : loadOwn(name, size));
}

/** Loads at least two networks. @throws MicroYoloError if one is unknown or named twice */
export async function loadContenders(
  names: readonly string[],
  size: number | Size | undefined,
): Promise<readonly Loaded[]> {
  if (names.length < 2) {
    throw new MicroYoloError(
      'invalid-argument',
      `networks ${JSON.stringify(names.join(', '))}: expected at least two to compare`,
    );
  }
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `network ${JSON.stringify(repeated)}: appears twice; name each network once`,
      { field: 'network', received: repeated },
    );
  }
  const loaded: Loaded[] = [];
  for (const name of names) loaded.push(await loadContender(name, size));
  return loaded;
}
