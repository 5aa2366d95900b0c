import { join } from 'node:path';
import { type Equalized, equalizeWeights } from '../../compression/quantize/equalize.ts';
import type { OnnxFile } from '../../executors/onnx/read.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { PreparedImage } from '../../image/prepare.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import type { LayerWork } from './layer-work.ts';
import { prepareSamples, samplePaths } from './sample-images.ts';
import { Workbench } from './workbench.ts';

/** A calibrated graph. */
export interface OpenedBench {
  readonly bench: Workbench;
  /** How its weights were equalized. */
  readonly equalized: readonly Equalized[];
}

/** Chooses the bits per weight for this machine, and explains the choice in a note. */
function chooseBits({ settings, machine, onEvent }: LayerWork): 7 | 8 {
  if (settings.weightBits !== undefined) return settings.weightBits as 7 | 8;
  if (machine.saturates === false) return 8;
  const message = machine.saturates
    ? `${machine.name}: sums of 8-bit products saturate, so weights have 7 bits`
    : `${machine.name}: sums of 8-bit products may saturate, so weights have 7 bits; with VNNI \`weightBits: 8\` is more accurate`;
  onEvent({ type: 'note', message });
  return 7;
}

function equalize(proto: OnnxFile['proto'], { onEvent }: LayerWork): ReturnType<typeof equalizeWeights> {
  const made = equalizeWeights(proto);
  if (made.pairs > 0)
    onEvent({ type: 'note', message: `weights of ${made.pairs} pairs of layers equalized` });
  return made;
}

/** Prepares the calibration images for the model. */
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

/**
 * Calibrates a graph for quantization.
 * @throws MicroYoloError `unsupported` if it has no layer to quantize, and as `samplePaths` and `prepareSamples`
 */
export async function openBench(model: GraphModel, file: OnnxFile, work: LayerWork): Promise<OpenedBench> {
  const { biasCorrection, threads, calibration, percentile } = work.settings;
  const images = await readSamples(model, work);
  const bits = chooseBits(work);
  const { model: proto, equalized } = work.settings.equalize
    ? equalize(file.proto, work)
    : { model: file.proto, equalized: [] };
  const bench = new Workbench(model, proto, images, { ...work, bits, biasCorrection, threads });
  if (bench.able.length === 0) {
    throw new MicroYoloError(
      'unsupported',
      `${model.name}: has no convolution with 32-bit weights between the first and the last ones, expected one to quantize`,
    );
  }
  await bench.calibrate({ method: calibration, percentile });
  return { bench, equalized };
}
