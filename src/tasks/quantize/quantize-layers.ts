import { join } from 'node:path';
import { equalizeWeights } from '../../compression/quantize/equalize.ts';
import { timeLayers } from '../../compression/quantize/layer-times.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { graphShapes } from '../../detection/foreign/graph-shapes.ts';
import type { IntegerInstructions } from '../../executors/onnx/integer-instructions.ts';
import type { OnnxFile } from '../../executors/onnx/read.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { optionValues } from '../../foundation/errors/named-options.ts';
import type { PreparedImage } from '../../image/prepare.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import { type ChosenLayers, chooseLayers } from './choose-layers.ts';
import { describeLayers } from './describe-layers.ts';
import { limitDrop } from './limit-drop.ts';
import type { QuantizeEvent, QuantizeReport } from './report.ts';
import { prepareSamples, samplePaths } from './sample-images.ts';
import type { QuantizeSettings } from './settings.ts';
import { Workbench } from './workbench.ts';

/** Points of AP50 that are much to lose. */
const MUCH = 1;

/** What quantizing layers works with. */
export interface LayerWork {
  readonly settings: QuantizeSettings;
  readonly machine: IntegerInstructions;
  /** Split that is evaluated on. */
  readonly dataset: Dataset | undefined;
  /** AP50 of a model on it, 0–1. */
  readonly evaluate: (model: GraphModel) => Promise<number>;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: QuantizeEvent) => void;
}

/** A model some of whose layers compute in 8 bits. */
export interface QuantizedModel
  extends Pick<QuantizeReport, 'weightBits' | 'layers' | 'milliseconds' | 'AP50' | 'samples'> {
  readonly model: GraphModel;
  /** In words. */
  readonly how: string;
}

/** Bits of weights on this machine, and why. */
function chooseBits({ settings, machine, onEvent }: LayerWork): 7 | 8 {
  if (settings.weightBits !== undefined) return settings.weightBits as 7 | 8;
  if (machine.saturates === false) return 8;
  const message = machine.saturates
    ? `${machine.name}: sums of 8-bit products saturate, so weights have 7 bits`
    : `${machine.name}: sums of 8-bit products may saturate, so weights have 7 bits; with VNNI \`weightBits: 8\` is more accurate`;
  onEvent({ type: 'note', message });
  return 7;
}

function equalized(proto: OnnxFile['proto'], { onEvent }: LayerWork): OnnxFile['proto'] {
  const { model, pairs } = equalizeWeights(proto);
  if (pairs > 0) onEvent({ type: 'note', message: `weights of ${pairs} pairs of layers equalized` });
  return model;
}

/** The images to calibrate with, as the model takes them. */
async function readSamples(
  { recipe, input }: GraphModel,
  { settings, dataset, onEvent }: LayerWork,
): Promise<readonly PreparedImage[]> {
  const evaluated = dataset?.images.map(({ fileName }) => join(dataset.imageFolder, fileName)) ?? [];
  const paths = await samplePaths(settings, evaluated);
  return await prepareSamples(paths, recipe, input, (image, { message }) =>
    onEvent({ type: 'skipped', image, message }),
  );
}

/** Leaves layers in float that harm AP50 more than is allowed. */
async function withinLimit(
  bench: Workbench,
  chosen: ChosenLayers,
  damages: ReadonlyMap<string, number>,
  { settings: { maxDrop }, dataset, evaluate, onEvent }: LayerWork,
): Promise<ChosenLayers & Pick<QuantizeReport, 'AP50'>> {
  if (!dataset) return chosen;
  const [float32, first] = [await evaluate(bench.float), await evaluate(bench.quantized(chosen))];
  if (maxDrop === undefined) {
    const lost = 100 * (float32 - first);
    if (lost > MUCH) {
      const message = `AP50 falls by ${lost.toFixed(2)} points; ${optionValues({ maxDrop: MUCH })} keeps the most harmful layers in float`;
      onEvent({ type: 'note', message });
    }
    return { ...chosen, AP50: { float32, quantized: first } };
  }
  const least = float32 - maxDrop / 100;
  const limited = await limitDrop(
    chosen,
    least,
    damages,
    (choice) => evaluate(bench.quantized(choice)),
    first,
  );
  const { choice, AP50: quantized } = limited;
  const AP50 = { float32, quantized };
  if (choice.convolutions.length === chosen.convolutions.length) return { ...chosen, AP50 };
  const [whole, int8] = await bench.time([bench.float, bench.quantized(choice)]);
  return { ...choice, milliseconds: { float32: whole!, int8: int8! }, AP50 };
}

/**
 * Quantizes the layers of a model.
 * @param file its graph
 * @throws MicroYoloError as `quantizeModel`
 */
export async function quantizeLayers(
  model: GraphModel,
  file: OnnxFile,
  work: LayerWork,
): Promise<QuantizedModel> {
  const { settings, machine, onEvent } = work;
  const { calibration, percentile, threads, biasCorrection } = settings;
  const images = await readSamples(model, work);
  const samples = images.length;
  const bits = chooseBits(work);
  const proto = settings.equalize ? equalized(file.proto, work) : file.proto;
  const bench = new Workbench(model, proto, images, { ...work, bits, biasCorrection, threads });
  if (bench.able.length === 0) {
    throw new MicroYoloError(
      'unsupported',
      `${model.name}: has no convolution with 32-bit weights between the first and the last ones, expected one to quantize`,
    );
  }
  await bench.calibrate({ method: calibration, percentile });
  const damages = await bench.damages();
  const shapes = await graphShapes(model, file);
  onEvent({ type: 'started', stage: 'timing layers', steps: bench.able.length });
  const onLayer = () => onEvent({ type: 'step' });
  const times = await timeLayers(proto, bench.view, bench.able, shapes, { bits, threads, onLayer });
  const fast = await chooseLayers(bench, settings.layers === 'all' ? new Map() : times);
  const { milliseconds, AP50, ...choice } = await withinLimit(bench, fast, damages, work);
  if (milliseconds.int8 >= milliseconds.float32) {
    const [int8, float32] = [milliseconds.int8, milliseconds.float32].map((time) => `${time.toFixed(2)} ms`);
    const message = `8 bits are not faster on this machine (${machine.name}): ${int8}, in float ${float32}; use the file on processors with VNNI or ARM dot products`;
    onEvent({ type: 'note', message });
  }
  const layers = describeLayers(bench, choice, fast, { times, damages, block: machine.depthwiseBlock });
  const how = `int8, ${choice.convolutions.length} of ${layers.length} convolutions, weights of ${bits} bits, ${calibration} on ${samples} images`;
  return { model: bench.quantized(choice), how, weightBits: bits, layers, milliseconds, AP50, samples };
}
