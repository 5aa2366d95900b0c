import { join, resolve } from 'node:path';
import { squareSize } from '../../boxes/formats.ts';
import { pruneSingleWeights } from '../../compression/prune/single-weights.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { isFile, makeFolder } from '../../foundation/files/folders.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';
import { writeModel } from '../../models/formats/safetensors/model-file.ts';
import { loadModel, modelFile } from '../../models/load.ts';
import { withInputSize } from '../../network/shapes.ts';
import { PRUNE_DEFAULTS } from '../../options/prune.ts';
import { evaluateModel } from '../evaluate/evaluate-model.ts';
import { LatencyMeter } from '../latency/meter.ts';
import { JOURNAL_FILE } from './journal-head.ts';
import { checkPruneOptions, type PruneOptions } from './options.ts';
import { BEST_FILE } from './world.ts';

/** Comparison of a network with zeroed weights and the original. */
export interface ZeroedReport {
  /** Share of the kernels' weights that are now 0, 0–1. */
  readonly share: number;
  /** Absolute path of the model file that was written. */
  readonly model: string;
  /** AP50 before and after, 0–1. */
  readonly AP50: readonly [before: number, after: number];
  /** Measured milliseconds before and after. Zeros do not make the network faster. */
  readonly milliseconds: readonly [before: number, after: number];
}

/** Number of timed runs per model. */
const RUNS = 60;

/**
 * Sets the smallest weights to 0, in all layers, without training. The file can be compressed better, but the
 * network does not become faster. The report shows this.
 * @throws MicroYoloError if the model, data or options cannot be used
 */
export async function zeroWeights(options: PruneOptions): Promise<ZeroedReport> {
  checkPruneOptions(options);
  const { data, split = PRUNE_DEFAULTS.split, size, threads, singleWeights, tables } = options;
  if (singleWeights === undefined) {
    throw new MicroYoloError('invalid-argument', 'singleWeights: missing, expected a share such as 0.5');
  }
  const path = join(resolve(options.out), BEST_FILE);
  await checkOverwritesNone(path, [await modelFile(options.model)], 'the model');
  const journal = join(resolve(options.out), JOURNAL_FILE);
  if (await isFile(journal)) {
    const problem = `out ${options.out}: has a journal, whose model would be overwritten`;
    throw new MicroYoloError('invalid-argument', `${problem}; choose another folder`, {
      field: 'out',
      received: options.out,
    });
  }
  const { model } = await loadModel(options.model);
  const evaluating = { data, split, size, threads };
  const before = await evaluateModel({ ...evaluating, model: options.model });
  const weights = pruneSingleWeights(model.weights, singleWeights);
  await makeFolder(resolve(options.out));
  await writeModel(path, { ...model, weights });
  const after = await evaluateModel({ ...evaluating, model: path });
  const side = size === undefined ? undefined : squareSize(size);
  const network = side ? withInputSize(model.network, side.width, side.height) : model.network;
  const meter = await LatencyMeter.open({ threads, tables });
  return {
    share: singleWeights,
    model: path,
    AP50: [before.metrics.AP50, after.metrics.AP50],
    milliseconds: [
      await meter.measure({ ...model, network }, RUNS),
      await meter.measure({ ...model, network, weights }, RUNS),
    ],
  };
}
