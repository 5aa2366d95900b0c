import { join, resolve } from 'node:path';
import { pruneSingleWeights } from '../../compression/prune/single-weights.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { makeFolder } from '../../foundation/files/folders.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';
import { writeModel } from '../../models/formats/safetensors/model-file.ts';
import { loadModel, modelFile } from '../../models/load.ts';
import { PRUNE_DEFAULTS } from '../../options/prune.ts';
import { evaluateModel } from '../evaluate/evaluate-model.ts';
import { LatencyMeter } from '../latency/meter.ts';
import { checkPruneOptions, type PruneOptions } from './options.ts';
import { BEST_FILE } from './world.ts';

/** What a network without some of its weights is, beside the one with all. */
export interface ZeroedReport {
  /** Share of the weights of kernels that are 0 now, 0–1. */
  readonly share: number;
  /** Absolute path of the model file that it wrote. */
  readonly model: string;
  /** 0–1, before and after. */
  readonly AP50: readonly [before: number, after: number];
  /** Measured, before and after: zeros bring no speed. */
  readonly milliseconds: readonly [before: number, after: number];
}

/** Timed runs of each. */
const RUNS = 60;

/**
 * Sets the smallest weights to 0, wherever they are, without training: the file can be packed smaller, the network is as slow
 * as before, and this report shows it.
 * @throws MicroYoloError if model, data or options cannot be used
 */
export async function zeroWeights(options: PruneOptions): Promise<ZeroedReport> {
  checkPruneOptions(options);
  const { data, split = PRUNE_DEFAULTS.split, size, threads, singleWeights, tables } = options;
  if (singleWeights === undefined) {
    throw new MicroYoloError('invalid-argument', 'singleWeights: missing, expected a share such as 0.5');
  }
  const path = join(resolve(options.out), BEST_FILE);
  await checkOverwritesNone(path, [await modelFile(options.model)], 'the model');
  const { model } = await loadModel(options.model);
  const evaluating = { data, split, size, threads };
  const before = await evaluateModel({ ...evaluating, model: options.model });
  const weights = pruneSingleWeights(model.weights, singleWeights);
  await makeFolder(resolve(options.out));
  await writeModel(path, { ...model, weights });
  const after = await evaluateModel({ ...evaluating, model: path });
  const meter = await LatencyMeter.open({ threads, tables });
  return {
    share: singleWeights,
    model: path,
    AP50: [before.metrics.AP50, after.metrics.AP50],
    milliseconds: [await meter.measure(model, RUNS), await meter.measure({ ...model, weights }, RUNS)],
  };
}
