import type { Size } from '../boxes/formats.ts';
import { familyNamed } from '../detection/families/families.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { placeImage } from '../image/letterbox.ts';
import type { PreparedImage } from '../image/prepare.ts';
import { checkModel } from '../models/check-model.ts';
import { type AnyModel, type GraphModel, isGraphModel } from '../models/graph-model.ts';
import type { Model } from '../models/model.ts';
import { checkOneImage, ImageNetwork } from '../models/running/image-network.ts';
import { PendingRuns } from '../models/running/pending-runs.ts';
import type { RuntimeOptions } from '../options/loading.ts';
import type { Decoder, Outputs } from './decoders/decoder.ts';
import { guarded } from './decoders/guarded.ts';
import { headsDecoder } from './decoders/heads-decoder.ts';
import { GraphNetwork, type GraphRun } from './foreign/graph-network.ts';

/** The network that a detector runs, with the decoder of its outputs. The code that opens it must dispose it. */
export interface DetectorNetwork extends AsyncDisposable {
  /** Size of the network's input, in pixels. */
  readonly input: Size;
  /** Runtime and device, such as `onnx on the CPU`. */
  readonly runtime: string;
  readonly decoder: Decoder;
  /** Runs only the network, on one or several images: see `Detector.run`. */
  run(pixels: Uint8Array): Promise<Outputs>;
  /** Number of images that it processes at once by default. */
  readonly usualBatch: number;
  /**
   * Prepares the inputs of images of the same size, and returns a function that runs the network. The function returns
   * one run per image, with the maps named by `features`.
   */
  start(prepared: readonly PreparedImage[]): () => Promise<readonly GraphRun[]>;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Splits the outputs of a batch into those of each image. */
function ofEach(outputs: Outputs, batch: number): readonly Outputs[] {
  if (batch === 1) return [outputs];
  return Array.from({ length: batch }, (_, index) =>
    Object.fromEntries(
      Object.entries(outputs).map(([name, { shape, data }]) => {
        const length = data.length / batch;
        const own = data.subarray(index * length, (index + 1) * length);
        return [name, { shape: [1, ...shape.slice(1)], data: own }];
      }),
    ),
  );
}

/** Runs one of this library's own networks. */
class OwnNetwork implements DetectorNetwork {
  readonly usualBatch: number;
  readonly decoder: Decoder;
  readonly #network: ImageNetwork;
  readonly #features: readonly string[];

  constructor(model: Model, network: ImageNetwork, { features = [], runtime = 'onnx' }: RuntimeOptions) {
    // On a CPU, a batch is no faster than single images, whose maps stay in the cache.
    this.usualBatch = runtime === 'onnx' ? 1 : 8;
    this.decoder = headsDecoder(model.network);
    this.#network = network;
    this.#features = features;
  }

  get input(): Size {
    return this.#network.input;
  }

  get runtime(): string {
    return this.#network.runtime;
  }

  async run(pixels: Uint8Array): Promise<Outputs> {
    return (await this.#network.run(pixels)) as Outputs;
  }

  start(prepared: readonly PreparedImage[]): () => Promise<readonly GraphRun[]> {
    const pixels = joined(prepared.map((image) => image.pixels));
    return async () =>
      ofEach(await this.run(pixels), prepared.length).map((outputs) => ({
        outputs,
        maps: Object.fromEntries(this.#features.map((name) => [name, outputs[name]!])),
      }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#network[Symbol.asyncDispose]();
  }
}

/** Runs a third-party graph. */
class ForeignNetwork implements DetectorNetwork {
  readonly usualBatch = 1;
  readonly decoder: Decoder;
  readonly runtime = 'onnx on the CPU';
  readonly #network: GraphNetwork;
  readonly #runs = new PendingRuns();

  constructor(decoder: Decoder, network: GraphNetwork) {
    this.decoder = decoder;
    this.#network = network;
  }

  get input(): Size {
    return this.#network.input;
  }

  async run(pixels: Uint8Array): Promise<Outputs> {
    checkOneImage(pixels, this.input);
    const placement = placeImage(this.input, this.input, 'stretch');
    const [run] = await this.start([{ pixels, input: this.input, placement }])();
    return { ...run!.maps, ...run!.outputs };
  }

  start(prepared: readonly PreparedImage[]): () => Promise<readonly GraphRun[]> {
    const feeds = prepared.map((image) => this.#network.feeds(image));
    return async () => {
      const runs: GraphRun[] = [];
      for (const one of feeds) runs.push(await this.#runs.track(() => this.#network.run(one)));
      return runs;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (await this.#runs.close()) await this.#network[Symbol.asyncDispose]();
  }
}

/** Returns the decoder that a model names. */
function decoderOf({ name, decoder: { family: asked, parameters } }: GraphModel): Decoder {
  const family = familyNamed(asked);
  if (!family) {
    throw new MicroYoloError(
      'unsupported',
      `${name}: its family ${asked} is unknown to this version; update micro-yolo`,
    );
  }
  const { iouThreshold, evaluationThreshold, multiLabel } = family;
  return {
    name: asked,
    iouThreshold: family.isSuppressed?.(parameters) ? 1 : iouThreshold,
    evaluationThreshold,
    multiLabel,
    decode: (outputs, view, add) => family.decode(outputs, parameters, view, add),
  };
}

/** @throws MicroYoloError `unsupported` for runtimes that only run this library's own networks */
function checkRuntime({ name }: GraphModel, { runtime = 'onnx' }: RuntimeOptions): void {
  if (runtime === 'onnx') return;
  throw new MicroYoloError('unsupported', `runtime ${runtime}: ${name} is an ONNX graph; use runtime onnx`);
}

/** Opens the network that a detector runs. */
export async function openDetectorNetwork(
  model: AnyModel,
  options: RuntimeOptions,
  decoder?: Decoder,
): Promise<DetectorNetwork> {
  if (isGraphModel(model)) {
    checkRuntime(model, options);
    const { threads, shareCores, worker, features } = options;
    const own = guarded(decoder ?? decoderOf(model), model.name, model.classes.length);
    return new ForeignNetwork(own, await GraphNetwork.open(model, { threads, shareCores, worker, features }));
  }
  headsDecoder(model.network);
  checkModel(model);
  return new OwnNetwork(model, await ImageNetwork.open(model, options), options);
}
