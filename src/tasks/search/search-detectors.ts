import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { Journal } from '../../compression/journal.ts';
import {
  type HalvingOptions,
  type RunTrial,
  type SearchLine,
  searchByHalving,
  searchLineSchema,
} from '../../compression/search/halving.ts';
import {
  type Candidate,
  candidateLayout,
  type Dimension,
  drawCandidates,
  searchDimensions,
} from '../../compression/search/space.ts';
import { channelMultiple } from '../../executors/onnx/step/block-size.ts';
import type { ItemEvent, StartedEvent } from '../../foundation/events.ts';
import { checkFolder, makeFolder } from '../../foundation/files/folders.ts';
import { readModel, writeModel } from '../../models/formats/safetensors/model-file.ts';
import { initializeWeights } from '../../models/initialize.ts';
import { DEFAULT_RECIPE, type Model } from '../../models/model.ts';
import { networkCost } from '../../network/cost.ts';
import { withDetectionOutputs } from '../../network/detection-outputs.ts';
import { layouts } from '../../network/detectors/layouts.ts';
import { tinyDetector } from '../../network/detectors/tiny-detector.ts';
import { SEARCH_DEFAULTS } from '../../options/search.ts';
import { LatencyMeter, latencyMachine } from '../latency/meter.ts';
import { JOURNAL_FILE, journalHead } from '../prune/journal-head.ts';
import { checkTrialSettings, TRIAL_SETTINGS } from '../prune/trial-settings.ts';
import { readTrialSplits } from '../prune/trial-splits.ts';
import { BEST_FILE } from '../prune/world.ts';
import { NEIGHBOR_REACH } from '../train/choose-anchors.ts';
import { lockRun } from '../train/run-folder.ts';
import { mergeSettings } from '../train/settings-file.ts';
import type { TrainEvent } from '../train/train-detector.ts';
import { drawPareto, drawTrials } from './charts.ts';
import {
  checkSearchOptions,
  type FilledSearchOptions,
  type LayoutName,
  type SearchOptions,
} from './options.ts';
import { runTrial } from './trial.ts';
import { runTrialProcess } from './trial-jobs.ts';

export type { SearchLine, SearchOptions };

/** Progress events of a search. */
export type SearchEvent =
  | (StartedEvent & {
      /** Number of trials already in the journal. */
      readonly done: number;
    })
  /** A trial of the current rung is done. */
  | (ItemEvent & {
      /** The line that was added to the journal. */
      readonly line: SearchLine;
      /** Number of trials of this rung that are done. */
      readonly done: number;
      /** Number of trials in this rung. */
      readonly total: number;
    })
  /** Training progress of a trial. Only sent with one job. */
  | {
      readonly type: 'training';
      /** Progress event of the current training. */
      readonly event: TrainEvent;
    };

/** Result of a search. */
export interface SearchReport {
  /** Whether the search finished, or the signal interrupted it. */
  readonly reason: 'finished' | 'interrupted';
  /** Absolute path of the output folder. */
  readonly folder: string;
  /** Trials of the last rung, best first. */
  readonly ranking: readonly SearchLine[];
  /** Path of the best trial's model. Missing if the search was interrupted. */
  readonly model?: string;
}

const choicesOf = (dimensions: readonly Dimension[], candidate: Candidate) =>
  Object.fromEntries(dimensions.map(({ name }, at) => [name, candidate[at]!]));

/**
 * Finds the best of many detectors that differ in kernels, widths, expansions, depths, head or input size, by
 * successive halving over trials with a fixed budget. All results are in the output folder. Call it again to
 * continue.
 * @throws MicroYoloError if the data or options cannot be used
 */
export async function searchDetectors(
  given: SearchOptions,
  onEvent: (event: SearchEvent) => void = () => {},
): Promise<SearchReport> {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options: FilledSearchOptions = { ...SEARCH_DEFAULTS, ...(set as FilledSearchOptions) };
  checkSearchOptions(options);
  const { data, space, objective, jobs, size, split, seed, settings = {}, tables } = options;
  const out = resolve(options.out);
  await checkFolder(out);
  checkTrialSettings('search', { data, size }, settings, TRIAL_SETTINGS);
  const { train, digests } = await readTrialSplits(data, split);
  const classes = train.categories.map(({ name }) => name);
  const block = await channelMultiple();
  const base = { layout: layouts[options.model as LayoutName], size };
  const dimensions = searchDimensions(space, base, block);
  const candidates = drawCandidates(dimensions, options.trials, seed);
  const threads = options.threads ?? Math.max(1, Math.floor(availableParallelism() / jobs));
  const network = (layout: ReturnType<typeof candidateLayout>) =>
    withDetectionOutputs(tinyDetector(layout.layout, { classes: classes.length, size: layout.size }), {
      classes: classes.length,
      scaleXY: NEIGHBOR_REACH,
    });
  await makeFolder(out);
  await using _lock = await lockRun(out);
  const meter = await LatencyMeter.open({ threads, tables });
  const target = options.target ?? (await meter.predict(network(base)));
  const halving: HalvingOptions = {
    ...{ candidates: candidates.length, objective, target, jobs },
    ...{ epochs: options.epochs, rungs: options.rungs, factor: options.factor },
  };
  const isTimed = objective === 'latency' || objective === 'mnasnet';
  const head = journalHead('search', options, {
    ...{ ...digests, block: String(block) },
    // Times of another machine would be ranked with these.
    ...(isTimed && { machine: latencyMachine(threads) }),
  });
  await using journal = await Journal.open(join(out, JOURNAL_FILE), head, searchLineSchema);
  const networks = candidates.map((choices) => network(candidateLayout(base, dimensions, choices)));
  // Predicted now, before training loads the machine.
  const times: number[] = [];
  for (const untrained of networks) times.push(await meter.predict(untrained));
  onEvent({ type: 'started', total: candidates.length, done: journal.lines.length });
  const { signal = new AbortController().signal } = options;
  const trial: RunTrial = async (candidate, rung, epochs, failed) => {
    const either = AbortSignal.any([signal, failed]);
    const choices = candidates[candidate]!;
    const name = `${rung}-${String(candidate).padStart(3, '0')}`;
    const untrained = networks[candidate]!;
    const model = join(out, 'candidates', `${String(candidate).padStart(3, '0')}.safetensors`);
    await makeFolder(join(out, 'candidates'));
    await writeModel(model, candidateModel(untrained, classes, seed));
    const usual = {
      data,
      seed,
      epochs,
      threads,
      size: untrained.input[1],
      evaluateSplit: split,
      evaluateEvery: 0,
      anchors: 'fit',
    };
    const { work } = journal;
    const task = { out, name, work, model, data, split, threads, settings: mergeSettings(usual, settings) };
    const outcome =
      jobs === 1
        ? await runTrial(task, either, (event) => onEvent({ type: 'training', event }))
        : await runTrialProcess(task, either);
    if (!outcome) return undefined;
    const { parameters, macs } = networkCost(untrained);
    const cost = { parameters: parameters.trainable, macs, ms: times[candidate]! };
    return { rung, candidate, choices: choicesOf(dimensions, choices), epochs, ...outcome, ...cost };
  };
  const ranking = await searchByHalving(journal, halving, trial, (line, progress) =>
    onEvent({ type: 'item', line, ...progress }),
  );
  await drawTrials(out, journal.lines, halving);
  if (objective === 'macs' || objective === 'latency') {
    await drawPareto(
      out,
      journal.lines.filter(({ rung }) => rung === 0),
      objective,
    );
  }
  if (!ranking) return { reason: 'interrupted', folder: out, ranking: [] };
  const path = join(out, BEST_FILE);
  await writeModel(path, await readModel(join(out, ranking[0]!.model)));
  return { reason: 'finished', folder: out, ranking, model: path };
}

function candidateModel(network: Model['network'], classes: readonly string[], seed: number): Model {
  const provenance = { source: 'a candidate of micro-yolo search' };
  return { network, weights: initializeWeights(network, seed), classes, recipe: DEFAULT_RECIPE, provenance };
}
