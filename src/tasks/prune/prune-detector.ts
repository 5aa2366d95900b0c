import { join, resolve } from 'node:path';
import { squareSize } from '../../boxes/formats.ts';
import { Journal } from '../../compression/journal.ts';
import { type PruneLine, pruneLineSchema } from '../../compression/prune/lines.ts';
import { pruneProgressively } from '../../compression/prune/progressive.ts';
import { channelMultiple } from '../../executors/onnx/step/block-size.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { checkFolder, isFile, makeFolder } from '../../foundation/files/folders.ts';
import { loadModel } from '../../models/load.ts';
import type { Model } from '../../models/model.ts';
import { trainedOutputs } from '../../network/detection-outputs.ts';
import { withInputSize } from '../../network/shapes.ts';
import { PRUNE_DEFAULTS } from '../../options/prune.ts';
import { modelDigest } from '../label/model-digest.ts';
import { LatencyMeter, latencyMachine } from '../latency/meter.ts';
import { lockRun } from '../train/run-folder.ts';
import type { TrainEvent } from '../train/train-detector.ts';
import { drawPruning } from './chart.ts';
import { checkSameClasses } from './check-classes.ts';
import { JOURNAL_FILE, journalHead } from './journal-head.ts';
import { checkPruneOptions, MAX_DROP, type PruneOptions } from './options.ts';
import { adaptToTarget, pruneToTarget } from './targets.ts';
import { checkTrialSettings, TRIAL_SETTINGS } from './trial-settings.ts';
import { readTrialSplits } from './trial-splits.ts';
import { PruneWorkshop } from './world.ts';

export type { PruneLine, PruneOptions };

/** Progress events of pruning. */
export type PruneEvent =
  | {
      readonly type: 'line';
      /** The line that was added to the journal. */
      readonly line: PruneLine;
    }
  /** Number of channels in a block of the runtime's layout. Widths are multiples of it. */
  | {
      readonly type: 'block';
      /** Number of channels. */
      readonly block: number;
    }
  | {
      readonly type: 'note';
      /** A note, in one line. */
      readonly message: string;
    }
  | {
      readonly type: 'training';
      /** Progress event of the current training. */
      readonly event: TrainEvent;
    };

/** Result of pruning. */
export interface PruneReport {
  /** Whether pruning finished, or the signal interrupted it. */
  readonly reason: 'finished' | 'interrupted';
  /** All lines of the journal. */
  readonly lines: readonly PruneLine[];
  /** Absolute path of the output folder. */
  readonly folder: string;
  /** Path of the pruned model's file. Missing if pruning was interrupted. */
  readonly model?: string;
}

/**
 * Removes channels from a detector: step by step within a tolerance, in one step to a target, or in NetAdapt rounds.
 * All results are in the output folder. Call it again with the same options to continue.
 * @throws MicroYoloError if the model, data or options cannot be used, or nothing can be pruned
 */
export async function pruneDetector(
  options: PruneOptions,
  onEvent: (event: PruneEvent) => void = () => {},
): Promise<PruneReport> {
  checkPruneOptions(options);
  const { importance = PRUNE_DEFAULTS.importance, coarse = PRUNE_DEFAULTS.coarse } = options;
  const { split = PRUNE_DEFAULTS.split, seed = PRUNE_DEFAULTS.seed } = options;
  const { epochs = PRUNE_DEFAULTS.epochs, finalEpochs = PRUNE_DEFAULTS.finalEpochs } = options;
  const { maxDrop = MAX_DROP, threads, signal } = options;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const out = resolve(options.out);
  await checkFolder(out);
  const { model: loaded } = await loadModel(options.model);
  trainedOutputs(loaded.network);
  const [, height, width] = loaded.network.input;
  const size = options.size === undefined ? { width, height } : squareSize(options.size);
  checkTrialSettings('prune', { data: options.data, size }, options.settings ?? {}, TRIAL_SETTINGS);
  const model: Model = { ...loaded, network: withInputSize(loaded.network, size.width, size.height) };
  const { train, evaluation, digests } = await readTrialSplits(options.data, split);
  for (const dataset of [train, evaluation]) checkSameClasses(model.classes, dataset, options.data);
  const block = await channelMultiple();
  onEvent({ type: 'block', block });
  await makeFolder(out);
  await using _lock = await lockRun(out);
  const isOneShot = options.ms !== undefined || options.macs !== undefined;
  const { scratchEpochs = isOneShot ? 0 : 60 } = options;
  const isTimed = options.ms !== undefined || options.netadapt !== undefined;
  const filled = {
    ...{ importance, coarse, split, seed, epochs, finalEpochs, maxDrop, scratchEpochs, settings: {} },
    ...given,
  };
  const head = journalHead('prune', filled, {
    ...{ model: await modelDigest(options.model), ...digests, block: String(block) },
    // A target in milliseconds is another network on another machine.
    ...(isTimed && { machine: latencyMachine(threads) }),
  });
  await using journal = await Journal.open(join(out, JOURNAL_FILE), head, pruneLineSchema);
  if (journal.wasTorn)
    onEvent({
      type: 'note',
      message: `${join(out, JOURNAL_FILE)}: its last line is incomplete; its step runs again`,
    });
  const meter = await LatencyMeter.open({ threads, tables: options.tables });
  const world = new PruneWorkshop(
    {
      ...{ out, work: journal.work, model, path: options.model, data: options.data, split, size },
      ...{ importance, seed, threads, meter, signal },
      epochs: { trial: epochs, tuned: finalEpochs, scratch: scratchEpochs },
      settings: options.settings ?? {},
    },
    (event) => onEvent({ type: 'training', event }),
  );
  const onLine = (line: PruneLine) => onEvent({ type: 'line', line });
  const ends = [
    ...(finalEpochs > 0 ? ['tuned' as const] : []),
    ...(scratchEpochs > 0 ? ['scratch' as const] : []),
  ];
  const onNote = (message: string) => onEvent({ type: 'note', message });
  const parts = { journal, world, model, meter, block, ends, onLine, onNote };
  const last = isOneShot
    ? await pruneToTarget(options, parts)
    : options.netadapt !== undefined
      ? await adaptToTarget(options.netadapt, parts)
      : await pruneProgressively(journal, { block, coarse, maxDrop: maxDrop / 100, ends }, world, onLine);
  await drawPruning(out, journal.lines);
  const { lines } = journal;
  if (last?.type !== 'done') return { reason: 'interrupted', lines, folder: out };
  const path = join(out, last.model);
  if (!(await isFile(path))) {
    const problem = `${path}: is missing, although the journal says that it was written`;
    throw new MicroYoloError('not-found', `${problem}; remove the journal to start over`);
  }
  return { reason: 'finished', lines, folder: out, model: path };
}
