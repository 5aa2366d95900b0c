import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { squareSize } from '../../boxes/formats.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { writeCodedModel } from '../../models/formats/safetensors/model-file.ts';
import { loadModel, modelFile } from '../../models/load.ts';
import type { Model } from '../../models/model.ts';
import { withInputSize } from '../../network/shapes.ts';
import type { TrainEvent } from '../train/train-detector.ts';
import { type CompressOptions, checkCompressOptions } from './options.ts';
import { checkDrop, outputPath, trainingFolder, unlessInterrupted } from './outcome.ts';
import {
  type CompressionBench,
  type CompressionStage,
  compressByShares,
  compressByShifts,
} from './stages.ts';

export type { CompressionStage, CompressOptions };

/** Progress events of compressing. */
export type CompressEvent =
  | {
      readonly type: 'stage';
      /** Size and loss after the stage. */
      readonly stage: CompressionStage;
    }
  | {
      readonly type: 'training';
      /** Progress event of the current training. */
      readonly event: TrainEvent;
    };

/** Result of compressing. */
export interface CompressReport {
  /** Whether it finished, or was interrupted. If interrupted, nothing is written, and the same call continues. */
  readonly reason: 'finished' | 'interrupted';
  /** Path of the model file. */
  readonly path: string;
  /** Size of the file. 0 if none was written. */
  readonly bytes: number;
  /** Size of the weights after each stage; with data, also AP50. */
  readonly stages: readonly CompressionStage[];
  /** Warnings about ignored or missing parts of the source model, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Imported late, so that compressing without data does not load the training code. A separate function, because
 * TypeScript does not rewrite the extension `.ts` of an import in a function with `await using`.
 */
const loadWorkbench = async () => (await import('./workbench.ts')).Workbench;

/**
 * Writes a smaller model file, by Deep Compression or by distribution shift. Every command reads the file like any
 * other model. The network runs as fast as before.
 * @throws MicroYoloError if the model cannot be read, an option is out of range, more is lost than allowed, or the file
 *     cannot be written
 */
export async function compressModel(
  options: CompressOptions,
  watch: Watch<CompressEvent> = {},
): Promise<CompressReport> {
  // After the signal aborts, events must not throw, so that training can save its checkpoint.
  const onEvent = watching({ ...watch, signal: undefined });
  const { signal } = watch;
  checkCompressOptions(options);
  const { weights, method = 'share', maxDrop, minutes = 0, data, seed = 1, threads, settings = {} } = options;
  const source = await modelFile(options.model);
  const path = outputPath(options.out, `${basename(source, extname(source))}.small.safetensors`);
  await checkOverwritesNone(path, [source, weights], 'the model itself');
  const { model: loaded, warnings } = await loadModel(source, { weights });
  const [, height, width] = loaded.network.input;
  const size = options.size === undefined ? { width, height } : squareSize(options.size);
  const model: Model = { ...loaded, network: withInputSize(loaded.network, size.width, size.height) };
  const compress = method === 'share' ? compressByShares : compressByShifts;
  let compressed: Awaited<ReturnType<typeof compress>>;
  const stages: CompressionStage[] = [];
  const onStage = (stage: CompressionStage) => {
    stages.push(stage);
    onEvent({ type: 'stage', stage });
  };
  if (data === undefined) {
    const bench: CompressionBench = {
      evaluate: async () => undefined,
      tune: async () => undefined,
      onStage,
    };
    compressed = await compress(model, options, bench);
  } else {
    const Workbench = await loadWorkbench();
    await using bench = await Workbench.open(model, {
      ...{ data, split: options.split ?? 'val', seed, threads, settings, signal },
      ...{ isTraining: minutes > 0, folder: minutes > 0 ? trainingFolder(path) : undefined },
      onTraining: (event) => onEvent({ type: 'training', event }),
    });
    const work = compress(model, options, {
      evaluate: (each) => bench.evaluate(each),
      tune: (each, name, length, own) => bench.tune(each, name, length, own),
      onStage,
    });
    // A finished training stays on disk and is reused when the same call is repeated.
    compressed = minutes > 0 ? await unlessInterrupted(work) : await work;
  }
  if (!compressed) return { reason: 'interrupted', path, bytes: 0, stages, warnings };
  if (data !== undefined) checkDrop(maxDrop, stages[0]!.AP50!, compressed.AP50!);
  await writeCodedModel(path, compressed.model, compressed.coded);
  return {
    reason: 'finished',
    path,
    bytes: (await stat(path)).size,
    stages: compressed.stages,
    warnings,
  };
}
