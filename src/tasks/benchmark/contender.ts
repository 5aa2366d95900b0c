import { extname } from 'node:path';
import type { Size } from '../../boxes/formats.ts';
import { Detector } from '../../detection/detector.ts';
import { openGraphModel } from '../../detection/foreign/open-graph.ts';
import { defaultClassNames } from '../../foundation/classes/class-names.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { isFile } from '../../foundation/files/folders.ts';
import { defaultWeights } from '../../models/formats/darknet/read.ts';
import type { AnyModel, GraphModel } from '../../models/graph-model.ts';
import { initializeWeights } from '../../models/initialize.ts';
import { loadModel, loadNetwork, modelFile } from '../../models/load.ts';
import { DEFAULT_RECIPE, type Model } from '../../models/model.ts';
import { ImageNetwork } from '../../models/running/image-network.ts';
import { sizedNetwork } from '../../models/running/load-sized.ts';
import { classCount, outputLayers } from '../../network/layers.ts';
import type { RuntimeOptions } from '../../options/loading.ts';
import { type StageTimes, timeClassification, timeDetection } from './stages.ts';

/** A model to time. */
export interface BenchmarkModel {
  readonly name: string;
  readonly model: AnyModel;
  /** Fixed batch size of the graph, if it has one. */
  readonly batch: number | undefined;
}

/** A loaded model that can be run. */
export interface Contender extends AsyncDisposable {
  readonly input: Size;
  readonly runtime: string;
  run(photo: Uint8Array, batch: number): Promise<StageTimes>;
}

async function hasWeights(path: string): Promise<boolean> {
  const weights = extname(path).toLowerCase() === '.cfg' ? defaultWeights(path) : path;
  return isFile(weights);
}

/** Loads a network with its weights, or with random ones if it has none. The time is the same. */
async function loadOwn(name: string, size: number | Size | undefined): Promise<Model> {
  const path = await modelFile(name);
  if (await hasWeights(path)) {
    const { model } = await loadModel(path);
    return { ...model, network: sizedNetwork(model.network, size) };
  }
  const network = sizedNetwork((await loadNetwork(name)).network, size);
  const classes = defaultClassNames(classCount(network));
  return { network, weights: initializeWeights(network, 1), classes, recipe: DEFAULT_RECIPE, provenance: {} };
}

/** @throws MicroYoloError if the model is unknown */
export async function loadBenchmarkModel(
  name: string,
  size: number | Size | undefined,
  as: string | undefined,
): Promise<BenchmarkModel> {
  const graph = await openGraphModel(await modelFile(name), { size, as });
  if (graph) return { name: graph.model.name, model: graph.model, batch: graph.model.input.batch };
  const model = await loadOwn(name, size);
  return { name, model, batch: undefined };
}

/** @throws MicroYoloError `invalid-argument` if the graph has another fixed batch size */
export function checkBatch({ batch, name }: BenchmarkModel, asked: number): void {
  if (batch === undefined || batch === asked) return;
  throw new MicroYoloError(
    'invalid-argument',
    `batch ${asked}: ${name} takes ${batch} images at a time; pass that number`,
    {
      field: 'batch',
      received: asked,
    },
  );
}

const isClassifier = (model: AnyModel): model is Model =>
  'network' in model && outputLayers(model.network).some(({ type }) => type === 'classes');

/** Loads a model into a runtime. */
export async function openContender(model: AnyModel, options: RuntimeOptions): Promise<Contender> {
  if (isClassifier(model)) {
    const network = await ImageNetwork.open(model, options);
    return {
      input: network.input,
      runtime: network.runtime,
      run: (photo, batch) => timeClassification(network, model, photo, batch),
      [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
    };
  }
  const detector = await Detector.create(model, options);
  return {
    input: detector.input,
    runtime: detector.runtime,
    // GraphNetwork fills the fixed batch of a graph itself.
    run: (photo, batch) => timeDetection(detector, photo, isGraph(model) ? 1 : batch),
    [Symbol.asyncDispose]: () => detector[Symbol.asyncDispose](),
  };
}

function isGraph(model: AnyModel): model is GraphModel {
  return !('network' in model);
}
