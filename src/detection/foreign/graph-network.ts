import type { Size } from '../../boxes/formats.ts';
import { type GraphSession, openGraph } from '../../executors/onnx/graph-session.ts';
import { shortNames } from '../../executors/onnx/port-names.ts';
import type { SessionOptions } from '../../executors/onnx/session.ts';
import type { PreparedImage } from '../../image/prepare.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import type { Outputs } from '../decoders/decoder.ts';
import { extraTensor, ImageFeed } from './feeds.ts';

/** Outputs as `shortNames` calls them. */
function withShortNames(outputs: Outputs): Outputs {
  const short = shortNames(Object.keys(outputs));
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [short.get(name)!, tensor]));
}

/** The outputs for the first image of a batch. */
function firstOfBatch(outputs: Outputs, batch: number): Outputs {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { shape, data }]) => {
      if (shape[0] !== batch) return [name, { shape, data }];
      return [name, { shape: [1, ...shape.slice(1)], data: data.subarray(0, data.length / batch) }];
    }),
  );
}

/** A graph that others made, loaded. Whoever opens it disposes it. */
export class GraphNetwork implements AsyncDisposable {
  /** In pixels. */
  readonly input: Size;
  readonly #model: Pick<GraphModel, 'input'>;
  readonly #session: GraphSession;
  readonly #feed: ImageFeed;

  private constructor(model: Pick<GraphModel, 'input' | 'recipe'>, session: GraphSession) {
    const { width, height } = model.input;
    this.input = { width, height };
    this.#model = model;
    this.#session = session;
    this.#feed = new ImageFeed(model.input, model.recipe);
  }

  /** @throws MicroYoloError `invalid-file` or `unsupported` if ONNX Runtime cannot load it */
  static async open(
    model: Pick<GraphModel, 'onnx' | 'name' | 'input' | 'recipe'>,
    options: SessionOptions = {},
  ): Promise<GraphNetwork> {
    return new GraphNetwork(model, await openGraph(model.onnx, model.name, options));
  }

  /** The same loaded graph, fed by another recipe. This one stays its owner. */
  withRecipe(recipe: GraphModel['recipe']): GraphNetwork {
    return new GraphNetwork({ input: this.#model.input, recipe }, this.#session);
  }

  /**
   * The inputs for one image.
   * @param pixels [height, width, 3] of the input's size
   */
  feeds({ pixels, placement, input }: Pick<PreparedImage, 'pixels' | 'placement' | 'input'>) {
    const { name, extras } = this.#model.input;
    const others = Object.entries(extras).map(
      ([extra, wanted]) => [extra, extraTensor(wanted, placement, input)] as const,
    );
    return { [name]: this.#feed.tensor(pixels, input, placement), ...Object.fromEntries(others) };
  }

  /** Runs once on `feeds`. The caller's thread is blocked meanwhile. */
  async run(feeds: ReturnType<GraphNetwork['feeds']>): Promise<Outputs> {
    const outputs = await this.runWhole(feeds);
    const { batch } = this.#model.input;
    return batch === 1 ? outputs : firstOfBatch(outputs, batch);
  }

  /** As `run`, with the outputs for all images of a batch. */
  async runWhole(feeds: ReturnType<GraphNetwork['feeds']>): Promise<Outputs> {
    return withShortNames(await this.#session.run(feeds));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}
