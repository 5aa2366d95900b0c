import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { squareSize } from '../../boxes/formats.ts';
import { costIn, type DecomposedLayer, Decomposer } from '../../compression/low-rank/decomposer.ts';
import { channelMultiple } from '../../executors/onnx/step/block-size.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { writeModel } from '../../models/formats/safetensors/model-file.ts';
import { loadModel, modelFile } from '../../models/load.ts';
import type { Model } from '../../models/model.ts';
import { withInputSize } from '../../network/shapes.ts';
import { checkDrop, outputPath, trainingFolder, unlessInterrupted } from '../compress/outcome.ts';
import { Workbench } from '../compress/workbench.ts';
import type { TrainEvent } from '../train/train-detector.ts';
import { checkDecomposeOptions, type DecomposeOptions } from './options.ts';
import { damageMeter } from './output-damage.ts';
import { smallestWithin } from './smallest-within.ts';

export type { DecomposedLayer, DecomposeOptions };

/** Progress events of decomposing. */
export type DecomposeEvent =
  | {
      readonly type: 'layer';
      /** Name of the layer. */
      readonly layer: string;
      /** `decomposing`: its singular vectors are computed. `weighing`: its effect on the outputs is measured. */
      readonly step: 'decomposing' | 'weighing';
    }
  | {
      readonly type: 'evaluated';
      /** State of the evaluated model. */
      readonly stage: 'original' | 'decomposed' | 'tuned';
      /** AP50 of the model, 0–1. */
      readonly AP50: number;
    }
  /** A share of the cost was tried in the search for the smallest network within `maxDrop`. */
  | {
      readonly type: 'tried';
      /** Share of the cost, 0–1. */
      readonly share: number;
      /** AP50 of the model at this share, 0–1. */
      readonly AP50: number;
    }
  | {
      readonly type: 'note';
      /** A note, in one line. */
      readonly message: string;
    }
  | {
      readonly type: 'training';
      /** Progress event of the training. */
      readonly event: TrainEvent;
    };

/** AP50 before and after, 0–1. */
export interface DecomposedAP50 {
  /** AP50 of the original model. */
  readonly original: number;
  /** AP50 of the decomposed model. */
  readonly decomposed: number;
  /** AP50 of the decomposed model after training. Missing if it was not trained. */
  readonly tuned?: number | undefined;
}

/** Result of decomposing. */
export interface DecomposeReport {
  /** Whether it finished, or was interrupted. If interrupted, nothing is written, and the same call continues. */
  readonly reason: 'finished' | 'interrupted';
  /** Path of the model file. */
  readonly path: string;
  /** Size of the file. 0 if none was written. */
  readonly bytes: number;
  /** Number of channels in a block of the runtime's layout. Ranks are multiples of it. */
  readonly block: number;
  /** The decomposed layers. */
  readonly layers: readonly DecomposedLayer[];
  /** Number of parameters before and after. */
  readonly parameters: readonly [before: number, after: number];
  /** Multiply-accumulates before and after. */
  readonly macs: readonly [before: number, after: number];
  /** AP50 before and after. Only present with data. */
  readonly AP50?: DecomposedAP50;
  /** Warnings about ignored or missing parts of the source model, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Replaces large kernels of a model with products of smaller ones. Ranks are chosen to meet a target with the least
 * loss. With `minutes`, the result is trained. Every command reads the file like any other model.
 * @throws MicroYoloError if the model, data or options cannot be used, the target cannot be met, or AP50 falls by more
 * than `maxDrop`
 */
export async function decomposeModel(
  options: DecomposeOptions,
  watch: Watch<DecomposeEvent> = {},
): Promise<DecomposeReport> {
  // After the signal aborts, events must not throw, so that training can save its checkpoint.
  const onEvent = watching({ ...watch, signal: undefined });
  const { signal } = watch;
  checkDecomposeOptions(options);
  const { threads, maxDrop, minutes = 0, seed = 1, settings = {}, methods } = options;
  const source = await modelFile(options.model);
  const path = outputPath(options.out, `${basename(source, extname(source))}.low-rank.safetensors`);
  await checkOverwritesNone(path, [source, options.weights], 'the model itself');
  const { model: loaded, warnings } = await loadModel(source, { weights: options.weights });
  const [, height, width] = loaded.network.input;
  const size = options.size === undefined ? { width, height } : squareSize(options.size);
  const model: Model = { ...loaded, network: withInputSize(loaded.network, size.width, size.height) };
  await using bench =
    options.data === undefined
      ? undefined
      : await Workbench.open(model, {
          ...{ data: options.data, split: options.split ?? 'val', seed, threads, settings, signal },
          ...{ isTraining: minutes > 0, folder: minutes > 0 ? trainingFolder(path) : undefined },
          onTraining: (event) => onEvent({ type: 'training', event }),
        });
  const block = await channelMultiple();
  const cost = options.macs === undefined ? 'parameters' : 'macs';
  const decomposer = new Decomposer(model, {
    ...{ block, cost, methods },
    onLayer: (layer) => watching({ ...watch })({ type: 'layer', layer, step: 'decomposing' }),
  });
  if (bench && options.ranks !== 'energy') {
    const damage = await damageMeter(model, bench.images, threads);
    await decomposer.weigh((weights, layer) => {
      watching({ ...watch })({ type: 'layer', layer, step: 'weighing' });
      return damage({ ...model, weights });
    });
  }
  const measure = async (stage: 'original' | 'decomposed' | 'tuned', measured: Model) => {
    const AP50 = await bench!.evaluate(measured);
    onEvent({ type: 'evaluated', stage, AP50 });
    return AP50;
  };
  const original = bench ? await measure('original', model) : undefined;
  const share =
    options.parameters ??
    options.macs ??
    (await smallestWithin(original! - maxDrop! / 100, async (tried) => {
      const AP50 = await bench!.evaluate(decomposer.decompose(tried).model);
      onEvent({ type: 'tried', share: tried, AP50 });
      return AP50;
    }));
  const { model: small, layers } = decomposer.decompose(share);
  const decomposed = bench ? await measure('decomposed', small) : undefined;
  const report = {
    ...{ path, block, layers, warnings },
    parameters: [costIn(model.network, 'parameters'), costIn(small.network, 'parameters')] as const,
    macs: [costIn(model.network, 'macs'), costIn(small.network, 'macs')] as const,
  };
  let best = small;
  let tuned: number | undefined;
  if (minutes > 0) {
    const trained = await bench!.tune(small, 'decomposed', minutes);
    tuned = trained && (await unlessInterrupted(measure('tuned', trained)));
    if (!trained || tuned === undefined) {
      const AP50 = { original: original!, decomposed: decomposed! };
      return { reason: 'interrupted', bytes: 0, ...report, AP50 };
    }
    if (tuned >= decomposed!) best = trained;
    else onEvent({ type: 'note', message: 'training lowered AP50: the untrained model is written' });
  }
  const last = Math.max(decomposed ?? 0, tuned ?? 0);
  if (bench) checkDrop(maxDrop, original!, last);
  const provenance = { ...best.provenance, 'decomposed from': model.provenance['source'] ?? options.model };
  await writeModel(path, { ...best, provenance });
  return {
    ...{ reason: 'finished', bytes: (await stat(path)).size, ...report },
    ...(bench ? { AP50: { original: original!, decomposed: decomposed!, tuned } } : {}),
  };
}
