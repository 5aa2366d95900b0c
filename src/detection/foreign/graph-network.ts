import type { Size } from '../../boxes/formats.ts';
import { checkValues, mapOutput, withMapOutputs } from '../../executors/onnx/outputs/map-outputs.ts';
import { shortNames } from '../../executors/onnx/port-names.ts';
import { readOnnx } from '../../executors/onnx/read.ts';
import {
  type GraphSession,
  type GraphSessionOptions,
  openGraph,
} from '../../executors/onnx/session/graph-session.ts';
import type { PreparedImage } from '../../image/prepare.ts';
import { withTensorsInside } from '../../models/formats/onnx/inline-tensors.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import type { Outputs } from '../decoders/decoder.ts';
import { extraTensor, ImageFeed } from './feeds.ts';

/** Renames outputs according to `shortNames`. */
function withShortNames(outputs: Outputs): Outputs {
  const short = shortNames(Object.keys(outputs));
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [short.get(name)!, tensor]));
}

/** Returns the outputs for the first image of a batch. */
function firstOfBatch(outputs: Outputs, batch: number): Outputs {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { shape, data }]) => {
      if (shape[0] !== batch) return [name, { shape, data }];
      return [name, { shape: [1, ...shape.slice(1)], data: data.subarray(0, data.length / batch) }];
    }),
  );
}

export interface GraphNetworkOptions extends GraphSessionOptions {
  /** Names of values inside the graph that are also returned. @default none */
  readonly features?: readonly string[] | undefined;
}

/** The outputs of a graph, and the requested values from inside it. */
export interface GraphRun {
  /** Outputs for the detector's decoder, by name. */
  readonly outputs: Outputs;
  /** Values named by `features`, by name. */
  readonly maps: Outputs;
}

/** Returns the graph's file, with the requested values as further outputs. */
async function withFeatures(
  { onnx, name }: Pick<GraphModel, 'onnx' | 'name'>,
  features: readonly string[],
): Promise<Uint8Array | string> {
  if (features.length === 0) return onnx;
  const file = readOnnx(await withTensorsInside(onnx), name);
  checkValues(file, features, 'features', name);
  return withMapOutputs(file, features);
}

/** A loaded third-party graph. The code that opens it must dispose it. */
export class GraphNetwork implements AsyncDisposable {
  /** Size of the graph's input, in pixels. */
  readonly input: Size;
  readonly #model: Pick<GraphModel, 'input'>;
  readonly #session: GraphSession;
  readonly #feed: ImageFeed;
  readonly #features: readonly string[];

  private constructor(
    model: Pick<GraphModel, 'input' | 'recipe'>,
    session: GraphSession,
    features: readonly string[],
  ) {
    const { width, height } = model.input;
    this.input = { width, height };
    this.#model = model;
    this.#session = session;
    this.#feed = new ImageFeed(model.input, model.recipe);
    this.#features = features;
  }

  /**
   * @throws MicroYoloError `invalid-file` or `unsupported` if ONNX Runtime cannot load it, `invalid-argument` if a name
   *   in `features` is not a value of the graph
   */
  static async open(
    model: Pick<GraphModel, 'onnx' | 'name' | 'input' | 'recipe'>,
    { features = [], ...options }: GraphNetworkOptions = {},
  ): Promise<GraphNetwork> {
    const onnx = await withFeatures(model, features);
    return new GraphNetwork(model, await openGraph(onnx, model.name, options), features);
  }

  /** Returns the same loaded graph with another recipe. This instance still owns the session. */
  withRecipe(recipe: GraphModel['recipe']): GraphNetwork {
    return new GraphNetwork({ input: this.#model.input, recipe }, this.#session, this.#features);
  }

  /**
   * Returns the inputs for one image.
   * @param pixels [height, width, 3] of the input's size
   */
  feeds({ pixels, placement, input }: Pick<PreparedImage, 'pixels' | 'placement' | 'input'>) {
    const { name, extras } = this.#model.input;
    const others = Object.entries(extras).map(
      ([extra, wanted]) => [extra, extraTensor(wanted, placement, input)] as const,
    );
    return { [name]: this.#feed.tensor(pixels, input, placement), ...Object.fromEntries(others) };
  }

  /** Runs once on `feeds`. Without `worker`, it blocks the calling thread. */
  async run(feeds: ReturnType<GraphNetwork['feeds']>): Promise<GraphRun> {
    const whole = { ...(await this.#session.run(feeds)) };
    const maps = this.#features.map((name, index) => {
      const output = mapOutput(index);
      const map = whole[output]!;
      delete whole[output];
      return [name, map] as const;
    });
    const { batch } = this.#model.input;
    const first = (outputs: Outputs) => (batch === 1 ? outputs : firstOfBatch(outputs, batch));
    return { outputs: first(withShortNames(whole)), maps: first(Object.fromEntries(maps)) };
  }

  /** Returns the outputs for all images of a batch. */
  async runWhole(feeds: ReturnType<GraphNetwork['feeds']>): Promise<Outputs> {
    return withShortNames(await this.#session.run(feeds));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}
