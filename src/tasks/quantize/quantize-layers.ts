import { equalizeModel } from '../../compression/quantize/equalize-model.ts';
import type { OnnxFile } from '../../executors/onnx/read.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import type { Model } from '../../models/model.ts';
import { describeLayers } from './describe-layers.ts';
import { fastLayers } from './fast-layers.ts';
import type { LayerWork } from './layer-work.ts';
import { openBench } from './open-bench.ts';
import type { QuantizeReport } from './report.ts';
import { fineTune } from './training/fine-tune.ts';
import { type Tune, withinLimit } from './within-limit.ts';
import type { Workbench } from './workbench.ts';

/** A model with some layers in 8 bits, or with weights in fewer bits. */
export interface QuantizedModel
  extends Pick<
    QuantizeReport,
    'weightBits' | 'layers' | 'milliseconds' | 'AP50' | 'samples' | 'finetuning' | 'swap'
  > {
  readonly model: GraphModel;
  /** Description of the quantization. */
  readonly how: string;
  /** The workbench that made it. Undefined if only weights have fewer bits. */
  readonly bench?: Workbench | undefined;
}

/**
 * Quantizes the layers of a model.
 * @param file graph of the model
 * @param source the same model as a trainable network, if there is one
 * @throws MicroYoloError as `quantizeModel`
 */
export async function quantizeLayers(
  model: GraphModel,
  file: OnnxFile,
  work: LayerWork,
  source: Model | undefined = work.trainer?.source,
): Promise<QuantizedModel> {
  const { settings, machine, trainer, onEvent } = work;
  const { bench, equalized } = await openBench(model, file, work);
  const { bits, samples } = bench;
  const damages = await bench.damages();
  const { times, fast } = await fastLayers(bench, model, file, work);
  const tune: Tune | undefined =
    trainer && source && settings.finetune !== undefined
      ? (on, choice) => fineTune(on, choice, equalizeModel(source, equalized), trainer)
      : undefined;
  const made = await withinLimit(bench, fast, damages, tune, work);
  const { choice, AP50, finetuning } = made;
  const { milliseconds } = choice;
  if (milliseconds.int8 >= milliseconds.float32) {
    const [int8, float32] = [milliseconds.int8, milliseconds.float32].map((time) => `${time.toFixed(2)} ms`);
    const message = `8 bits are not faster on this machine (${machine.name}): ${int8}, in float ${float32}; use the file on processors with VNNI or ARM dot products`;
    onEvent({ type: 'note', message });
  }
  const measured = { times, damages, block: machine.depthwiseBlock };
  const layers = describeLayers(made.bench, choice, made.fast, measured);
  const tuned = finetuning?.kept ? `, trained for ${finetuning.minutes} minutes` : '';
  const how = `int8, ${choice.convolutions.length} of ${layers.length} convolutions, weights of ${bits} bits, ${settings.calibration} on ${samples} images${tuned}`;
  return {
    ...{ model: made.bench.quantized(choice), how, weightBits: bits, layers, milliseconds, AP50 },
    ...{ samples, finetuning, bench: made.bench },
  };
}
