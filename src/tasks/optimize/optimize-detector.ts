import { join, resolve } from 'node:path';
import { squareSize } from '../../boxes/formats.ts';
import { Journal } from '../../compression/journal.ts';
import {
  type OptimizeLine,
  type OptimizeOutcome,
  optimizeLineSchema,
} from '../../compression/optimize/lines.ts';
import { optimizeNetwork } from '../../compression/optimize/walk.ts';
import { integerInstructions } from '../../executors/onnx/integer-instructions.ts';
import { blockSize } from '../../executors/onnx/step/block-size.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { checkFolder, isFile, makeFolder } from '../../foundation/files/folders.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { loadModel, modelFile } from '../../models/load.ts';
import type { Model } from '../../models/model.ts';
import { trainedOutputs } from '../../network/detection-outputs.ts';
import { withInputSize } from '../../network/shapes.ts';
import { modelDigest } from '../label/model-digest.ts';
import { LatencyMeter, latencyMachine } from '../latency/meter.ts';
import { checkSameClasses } from '../prune/check-classes.ts';
import { JOURNAL_FILE, journalHead } from '../prune/journal-head.ts';
import { checkTrialSettings, TRIAL_SETTINGS } from '../prune/trial-settings.ts';
import { readTrialSplits } from '../prune/trial-splits.ts';
import { BEST_FILE } from '../prune/world.ts';
import { lockRun } from '../train/run-folder.ts';
import type { OptimizeEvent } from './events.ts';
import { FLOAT_FILE } from './model-files.ts';
import { completeOptions, type OptimizeOptions, targetOf } from './options.ts';
import { OptimizeWorkshop } from './world.ts';

export type { OptimizeEvent, OptimizeLine, OptimizeOptions, OptimizeOutcome };

/** Result of optimizing. */
export interface OptimizeReport {
  /** Whether the search finished, or the signal interrupted it. */
  readonly reason: 'finished' | 'interrupted';
  /** Absolute path of the output folder. */
  readonly folder: string;
  /** All lines of the journal. */
  readonly lines: readonly OptimizeLine[];
  /** Path of the best file. Missing if the search was interrupted. */
  readonly model?: string;
  /** The last line: cost and precision of the best file. Missing if the search was interrupted. */
  readonly best?: OptimizeOutcome;
}

/** Block size for runtimes without a blocked layout: that of AVX2. */
const USUAL_BLOCK = 8;

/**
 * Makes a detector faster within a tolerance of AP50. Searches widths, kernel sizes, low rank and 8 bits of each layer,
 * by measured times and AP50 on the data. All results are in the output folder. Call it again with the same options to
 * continue.
 * @throws MicroYoloError if the model, data or options cannot be used, nothing makes the model faster, or no file is
 * within the tolerance
 */
export async function optimizeDetector(
  given: OptimizeOptions,
  watch: Watch<OptimizeEvent> = {},
): Promise<OptimizeReport> {
  // After the signal aborts, events must not throw, so that the journal is completed.
  const onEvent = watching({ ...watch, signal: undefined });
  const { signal } = watch;
  const options = completeOptions(given);
  const { data, split, seed, threads, tables, minutes, settings = {}, epochs, finalEpochs } = options;
  const out = resolve(options.out);
  await checkFolder(out);
  for (const file of [BEST_FILE, FLOAT_FILE]) {
    await checkOverwritesNone(join(out, file), [await modelFile(options.model)], 'the model itself');
  }
  const { model: loaded, warnings } = await loadModel(options.model);
  for (const message of warnings) onEvent({ type: 'note', message });
  trainedOutputs(loaded.network);
  const [, height, width] = loaded.network.input;
  const size = options.size === undefined ? { width, height } : squareSize(options.size);
  checkTrialSettings('optimize', { data, size }, settings, TRIAL_SETTINGS);
  const model: Model = { ...loaded, network: withInputSize(loaded.network, size.width, size.height) };
  const { train, evaluation, digests } = await readTrialSplits(data, split);
  for (const dataset of [train, evaluation]) checkSameClasses(model.classes, dataset, data);
  const block = (await blockSize()) ?? USUAL_BLOCK;
  await makeFolder(out);
  await using _lock = await lockRun(out);
  const head = journalHead('optimize', options, {
    ...{ model: await modelDigest(options.model), ...digests },
    ...{ machine: latencyMachine(threads), block: String(block) },
  });
  const path = join(out, JOURNAL_FILE);
  await using journal = await Journal.open(path, head, optimizeLineSchema);
  if (journal.wasTorn)
    onEvent({ type: 'note', message: `${path}: its last line is incomplete; its step runs again` });
  const world = new OptimizeWorkshop(
    {
      ...{ out, work: journal.work, model, path: options.model, data, split, size, seed },
      ...{ threads, settings, minutes, signal },
      epochs: { trial: epochs, tuned: finalEpochs, scratch: 0 },
      meter: await LatencyMeter.open({ threads, tables }),
      ...{ images: train, worked: journal.lines.at(-1)?.seconds ?? 0 },
    },
    onEvent,
  );
  await world.open();
  const { depthwiseBlock } = integerInstructions();
  const best = await optimizeNetwork(
    journal,
    {
      ...{ maxDrop: options.maxDrop / 100, isTuned: finalEpochs > 0, precision: options.precision },
      blockOf: (precision) => (precision === 'int8' ? Math.max(block, depthwiseBlock) : block),
      targetOf: (whole) => targetOf(options, whole),
    },
    world,
    (line) => onEvent({ type: 'line', line }),
  );
  const { lines } = journal;
  if (!best) return { reason: 'interrupted', folder: out, lines };
  const written = join(out, best.model);
  if (!(await isFile(written))) {
    const problem = `${written}: is missing, although the journal says that it was written`;
    throw new MicroYoloError('not-found', `${problem}; remove the journal to start over`);
  }
  return { reason: 'finished', folder: out, lines, model: written, best };
}
