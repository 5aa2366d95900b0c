import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { squareSize } from '../../boxes/formats.ts';
import { costIn, type DecomposedLayer, Decomposer } from '../../compression/low-rank/decomposer.ts';
import { blockSize } from '../../executors/onnx/step/block-size.ts';
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

/** What happens while a model is decomposed. */
export type DecomposeEvent =
  | {
      readonly type: 'layer';
      /** Its name. */
      readonly layer: string;
      /** Its kernel's singular vectors are computed now, or how much its loss matters. */
      readonly step: 'decomposing' | 'weighing';
    }
  | {
      readonly type: 'evaluated';
      /** What the model has been through. */
      readonly stage: 'original' | 'decomposed' | 'tuned';
      /** 0–1. */
      readonly AP50: number;
    }
  /** A share of the cost, on the way to the smallest within `maxDrop`. */
  | {
      readonly type: 'tried';
      /** 0–1. */
      readonly share: number;
      /** Of the model at this share, 0–1. */
      readonly AP50: number;
    }
  | {
      readonly type: 'note';
      /** What to know, in one line. */
      readonly message: string;
    }
  | {
      readonly type: 'training';
      /** What happens in the training. */
      readonly event: TrainEvent;
    };

/** AP50 before and after, 0–1. */
export interface DecomposedAP50 {
  /** Of the model as it was. */
  readonly original: number;
  /** Of the model in factors. */
  readonly decomposed: number;
  /** Of the model in factors after training. Missing if nothing was trained. */
  readonly tuned?: number | undefined;
}

/** What a model became. */
export interface DecomposeReport {
  /** Whether it is done, or the signal ended its training before: nothing is written then, and the same call continues. */
  readonly reason: 'finished' | 'interrupted';
  /** The model file. */
  readonly path: string;
  /** Of the file; 0 if it is not written. */
  readonly bytes: number;
  /** Channels in a block of the runtime's layout: ranks are multiples of it. */
  readonly block: number;
  /** The layers that are in factors now. */
  readonly layers: readonly DecomposedLayer[];
  /** Before and after. */
  readonly parameters: readonly [before: number, after: number];
  /** Before and after. */
  readonly macs: readonly [before: number, after: number];
  /** With data. */
  readonly AP50?: DecomposedAP50;
  /** What was ignored or is missing in the source, one line each. */
  readonly warnings: readonly string[];
}

/** Of a runtime without blocks: what AVX2's would be. */
const USUAL_BLOCK = 8;

/**
 * Replaces large kernels of a model by products of smaller ones, chosen to meet a target at the least loss; trains the result if
 * asked. The file that it writes is a model like any other.
 * @throws MicroYoloError if model, data or options cannot be used, the target cannot be met, or more is lost than allowed
 */
export async function decomposeModel(
  options: DecomposeOptions,
  watch: Watch<DecomposeEvent> = {},
): Promise<DecomposeReport> {
  // An aborted signal ends a training with its checkpoint: events must not throw then.
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
  const block = (await blockSize()) ?? USUAL_BLOCK;
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
    else onEvent({ type: 'note', message: 'training made it worse: the model is written as it was before' });
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
