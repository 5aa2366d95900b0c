import { toBinary } from '@bufbuild/protobuf';
import { type Convolution, findConvolutions } from '../../compression/quantize/convolutions.ts';
import { type GraphView, type OnnxProto, viewGraph } from '../../compression/quantize/graph.ts';
import { insertQuantization } from '../../compression/quantize/insert.ts';
import { planQuantization } from '../../compression/quantize/plan.ts';
import {
  type CalibratedValue,
  type CalibrationSettings,
  calibrate,
} from '../../compression/quantize/ranges/calibrate.ts';
import { activationScale } from '../../compression/quantize/scales.ts';
import { GraphNetwork } from '../../detection/foreign/graph-network.ts';
import { ModelProtoSchema } from '../../executors/onnx/onnx-proto.ts';
import { readOnnx } from '../../executors/onnx/read.ts';
import { checkAborted } from '../../foundation/abort.ts';
import { alternate } from '../../foundation/timing/alternate.ts';
import { median } from '../../foundation/timing/median.ts';
import type { PreparedImage } from '../../image/prepare.ts';
import type { ByteScale } from '../../models/forward/simulated-quantization.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import type { QuantizeEvent } from './report.ts';
import { runSamples } from './run-samples.ts';

export interface WorkbenchOptions {
  readonly bits: 7 | 8;
  readonly biasCorrection: boolean;
  readonly threads: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: QuantizeEvent) => void;
}

/** The convolutions in 8 bits, and whether the operations between them are in 8 bits too. */
export interface LayerChoice {
  readonly convolutions: readonly Convolution[];
  readonly between: boolean;
}

/** Number of images to measure damage on. Few are enough to compare layers. */
const DAMAGE_IMAGES = 4;
const ROUNDS = 5;

/** A graph to quantize with its calibrated ranges. Makes models with some layers in 8 bits. */
export class Workbench {
  readonly view: GraphView;
  readonly proto: OnnxProto;
  readonly convolutions: readonly Convolution[];
  readonly #model: GraphModel;
  readonly #samples: readonly PreparedImage[];
  readonly #options: WorkbenchOptions;
  #ranges: ReadonlyMap<string, CalibratedValue> = new Map();

  /** @param proto graph of the model, possibly with changed weights */
  constructor(
    model: GraphModel,
    proto: OnnxProto,
    samples: readonly PreparedImage[],
    options: WorkbenchOptions,
  ) {
    this.proto = proto;
    this.view = viewGraph(proto);
    this.convolutions = findConvolutions(this.view);
    this.#model = { ...model, onnx: toBinary(ModelProtoSchema, proto) };
    this.#samples = samples;
    this.#options = options;
  }

  /** Convolutions that may be quantized: all but the first, which read the image, and the last, which are decoded. */
  get able(): readonly Convolution[] {
    return this.convolutions.filter(({ isFirst, isLast }) => !isFirst && !isLast);
  }

  /** The model in float. */
  get float(): GraphModel {
    return this.#model;
  }

  async calibrate(settings: CalibrationSettings): Promise<void> {
    const { threads, signal, onEvent } = this.#options;
    const values = [...planQuantization(this.view, this.able, true).values.keys()];
    const passes = settings.method === 'min-max' ? 1 : 2;
    onEvent({ type: 'started', stage: 'calibrating', steps: passes * this.#samples.length });
    const onImage = () => onEvent({ type: 'step' });
    const run = runSamples(this.#model, values, this.#samples, { threads, signal, onImage });
    this.#ranges = await calibrate(run, settings);
  }

  /** Number of calibration images. */
  get samples(): number {
    return this.#samples.length;
  }

  /** Bits per weight. */
  get bits(): 7 | 8 {
    return this.#options.bits;
  }

  /** Scales of the values that a choice rounds, by name. Values that only rearrange others have none. */
  scales({ convolutions, between }: LayerChoice): ReadonlyMap<string, ByteScale> {
    const { values } = planQuantization(this.view, convolutions, between);
    const own = [...values].filter(([name, root]) => name === root);
    return new Map(own.map(([name]) => [name, activationScale(...this.#ranges.get(name)!.range)]));
  }

  /**
   * A workbench with the same ranges, and weights that were trained with them. Their biases need no correction, because
   * training already used rounded weights.
   * @param model a graph with the same layers
   */
  withWeights(model: GraphModel & { readonly onnx: Uint8Array }): Workbench {
    const { proto } = readOnnx(model.onnx, model.name);
    const bench = new Workbench(model, proto, this.#samples, { ...this.#options, biasCorrection: false });
    bench.#ranges = this.#ranges;
    return bench;
  }

  /** Converts a choice of layers from a graph with other weights to this graph. */
  choice<Choice extends LayerChoice>(other: Choice): Choice {
    const chosen = new Set(other.convolutions.map(({ output }) => output));
    return { ...other, convolutions: this.convolutions.filter(({ output }) => chosen.has(output)) };
  }

  /** The model with these layers in 8 bits. */
  quantized({ convolutions, between }: LayerChoice): GraphModel {
    const plan = planQuantization(this.view, convolutions, between);
    const proto = insertQuantization(this.proto, plan, this.#ranges, this.#options);
    return { ...this.#model, onnx: toBinary(ModelProtoSchema, proto) };
  }

  /** Squared error of the outputs with one layer in 8 bits, divided by their sum of squares, by the layers' outputs. */
  async damages(): Promise<ReadonlyMap<string, number>> {
    const { onEvent } = this.#options;
    onEvent({ type: 'started', stage: 'measuring damage', steps: this.able.length });
    const expected = await this.#outputs(this.#model);
    const damages = new Map<string, number>();
    for (const convolution of this.able) {
      onEvent({ type: 'step' });
      const found = await this.#outputs(this.quantized({ convolutions: [convolution], between: false }));
      damages.set(convolution.output, relativeError(found, expected));
    }
    return damages;
  }

  /** Outputs of a model on a few images, concatenated. */
  async #outputs(model: GraphModel): Promise<readonly Float32Array[]> {
    const { threads, signal } = this.#options;
    await using network = await GraphNetwork.open(model, { threads });
    const outputs: Float32Array[] = [];
    for (const sample of this.#samples.slice(0, DAMAGE_IMAGES)) {
      checkAborted(signal);
      const run = await network.run(network.feeds(sample));
      outputs.push(...Object.values(run.outputs).map(({ data }) => data));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return outputs;
  }

  /** Median milliseconds of models on one image, timed in alternation. */
  async time(models: readonly GraphModel[]): Promise<readonly number[]> {
    const { threads, onEvent } = this.#options;
    onEvent({ type: 'started', stage: 'timing networks', steps: ROUNDS + 1 });
    const opened: GraphNetwork[] = [];
    try {
      for (const model of models) opened.push(await GraphNetwork.open(model, { threads }));
      const contenders = opened.map((network, index) => {
        const feeds = network.feeds(this.#samples[0]!);
        return { name: String(index), run: () => network.run(feeds) };
      });
      const timings = await alternate(contenders, ROUNDS, () => onEvent({ type: 'step' }));
      return models.map((_, index) => median(timings.get(String(index))!));
    } finally {
      for (const network of opened) await network[Symbol.asyncDispose]();
    }
  }
}

function relativeError(found: readonly Float32Array[], expected: readonly Float32Array[]): number {
  const shares = expected.map((output, place) => {
    let [error, whole] = [0, 0];
    output.forEach((value, i) => {
      error += (found[place]![i]! - value) ** 2;
      whole += value ** 2;
    });
    return whole > 0 ? error / whole : 0;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
