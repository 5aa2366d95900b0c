import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { Dataset } from '../../datasets/dataset.ts';
import type { DetectionList } from '../../evaluation/detection-list.ts';
import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option, optionValues } from '../../foundation/errors/named-options.ts';
import { isFolder } from '../../foundation/files/folders.ts';
import { readWholeFile } from '../../foundation/files/read.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { type Checkpoint, readCheckpoint } from '../../training/run/checkpoint.ts';
import { BEST_FILE, LAST_FILE } from '../../training/run/files.ts';
import { DECIDING } from '../../training/run/progress.ts';
import type { TrainingEvent, TrainingResult, TrainingRun } from '../../training/run/run.ts';
import {
  FREE_SETTINGS,
  outcomeSettings,
  type PartialTrainingSettings,
  type TrainingSettings,
} from '../../training/run/settings.ts';
import { train } from '../../training/run/trainer.ts';
import { checkHints, hintedStudent } from './check-hints.ts';
import { writeCurves } from './curves.ts';
import { evaluateRun } from './evaluate-run.ts';
import { openData } from './open-data.ts';
import { prepareModel } from './prepare-model.ts';
import { RunReporter } from './report-run.ts';
import {
  datasetDigest,
  describeRun,
  lockRun,
  makeRunFolder,
  RUN_FILE,
  removeEmptyRun,
  SETTINGS_FILE,
  writeSettings,
} from './run-folder.ts';
import { finishedNote, isLonger } from './run-length.ts';
import {
  type GivenSettings,
  mergeSettings,
  readSettings,
  resolveSettings,
  settingsDifferences,
} from './settings-file.ts';
import { loadTeacher } from './teacher.ts';

/** Options of training. */
export interface TrainOptions {
  /** Experiment file. */
  readonly config?: string | undefined;
  /** Settings that override the file's. */
  readonly settings?: PartialTrainingSettings | undefined;
  /** Run folder to go on with, by its own settings: without `config`. */
  readonly resume?: string | undefined;
  /** Fails where no GPU would compute the steps. @default false */
  readonly requireGpu?: boolean | undefined;
}

const KINDS: OptionKinds<TrainOptions> = {
  config: 'string',
  settings: 'object',
  resume: 'string',
  requireGpu: 'boolean',
};

/** What happens in a run. */
export type TrainEvent =
  | TrainingEvent
  | { readonly type: 'run'; readonly folder: string; readonly settings: TrainingSettings };

export interface TrainReport extends TrainingResult {
  /** What was trained. */
  readonly task: 'detection' | 'classification';
  /** Of the run. */
  readonly folder: string;
  /** Of the best model; of the last where none was evaluated yet. */
  readonly model: string;
}

/** The settings of a run from file and overrides, defaults filled in. */
export async function trainingSettings(options: TrainOptions): Promise<TrainingSettings> {
  checkOptions('training options', options, KINDS);
  const { config, settings = {} } = options;
  const file = config === undefined ? {} : await readSettings(config);
  return resolveSettings(mergeSettings(file, settings), config ?? 'train');
}

/** It looks at the next batch while a step runs: as many threads as the step's would only be in their way. */
const teacherThreads = (threads = availableParallelism()) => Math.max(1, Math.floor(threads / 2));

interface OpenedRun {
  readonly settings: TrainingSettings;
  readonly checkpoint: Checkpoint;
  /** The run's settings with a greater length, where one is asked for. */
  readonly extended: TrainingSettings | undefined;
  readonly problem?: string;
}

/** What the folder of a run to resume holds; refuses what would make another run of it. */
async function openRun(folder: string, given: GivenSettings): Promise<OpenedRun> {
  if (!(await isFolder(folder))) {
    throw new MicroYoloError('not-found', `resume ${folder}: no such folder, expected a run folder`);
  }
  const { problem, ...checkpoint } = await readCheckpoint(folder);
  const file = join(folder, SETTINGS_FILE);
  const own = await readSettings(file);
  const settings = resolveSettings(mergeSettings(own, given), file);
  // Of another version it may hold what is free by now, and lack what was the default then.
  const first = resolveSettings(JSON.parse(checkpoint.run.settings) as GivenSettings, file);
  const began = outcomeSettings(first);
  const isExtended = isLonger(first, settings, checkpoint.run);
  const { epochs, maxMinutes } = settings;
  const length = { epochs: first.epochs, maxMinutes: first.maxMinutes };
  const compared = outcomeSettings(isExtended ? { ...settings, ...length } : settings);
  if (compared !== began) {
    const before = JSON.parse(began) as GivenSettings;
    const after = JSON.parse(compared) as GivenSettings;
    const changed = settingsDifferences(before, after).join(', ');
    throw new MicroYoloError(
      'invalid-argument',
      `resume ${folder}: settings differ from those the run started with:  ${changed}; ` +
        `only ${FREE_SETTINGS.join(', ')} may change, and epochs or maxMinutes may grow: start a new run with ${optionValues({ weights: join(folder, LAST_FILE) })}`,
      { field: 'resume', received: folder },
    );
  }
  const extended = isExtended ? resolveSettings(mergeSettings(own, { epochs, maxMinutes }), file) : undefined;
  return { settings, checkpoint, extended, ...(problem === undefined ? {} : { problem }) };
}

const runFileSchema = z.looseObject({ data: z.record(z.string(), z.looseObject({ sha256: z.string() })) });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function checkData(folder: string, digests: Readonly<Record<string, { readonly sha256: string }>>) {
  const text = await readWholeFile(join(folder, RUN_FILE), 'the record of the run');
  const parsed = runFileSchema.safeParse(parseJson(text.toString('utf8')));
  if (!parsed.success) {
    const problem = `${join(folder, RUN_FILE)}: does not name the data of the run`;
    throw new MicroYoloError('invalid-file', `${problem}; start a new run with ${option('weights')}`);
  }
  const { data } = parsed.data;
  for (const split of new Set([...Object.keys(data), ...Object.keys(digests)])) {
    if (data[split]?.sha256 === digests[split]?.sha256) continue;
    throw new MicroYoloError(
      'invalid-argument',
      `resume ${folder}: split ${split} of the data has changed since the run started; start a new run with ${option('weights')}`,
      { field: 'resume', received: folder },
    );
  }
}

/**
 * Trains a detector, or on images of one class each a classifier, by an experiment file and settings, or goes on
 * with a run. All that it makes is in the run's folder. If the signal aborts, the run saves a checkpoint after the step or the
 * evaluation under way and ends; while images are still read, it rejects with `interrupted`.
 * @throws MicroYoloError where settings, data or model cannot be used
 */
export async function trainDetector(
  options: TrainOptions,
  watch: Watch<TrainEvent> = {},
): Promise<TrainReport> {
  // An aborted signal ends a run after the step under way, with its checkpoint: no event throws.
  const onEvent = watching({ ...watch, signal: undefined });
  checkOptions('trainDetector options', options, KINDS);
  const { resume, requireGpu } = options;
  const { signal } = watch;
  const onNote = (message: string) => onEvent({ type: 'note', message });
  if (resume !== undefined && options.config !== undefined) {
    const problem = `config ${options.config} with resume: the run keeps its own settings`;
    throw new MicroYoloError('invalid-argument', `${problem}; leave out config`);
  }
  const opened = resume === undefined ? undefined : await openRun(resume, options.settings ?? {});
  const settings = opened?.settings ?? (await trainingSettings(options));
  if (opened?.problem) onNote(`${opened.problem}; continuing from the checkpoint before`);
  const finished = opened && finishedNote(resume!, settings, opened.checkpoint.run);
  if (finished) onNote(finished);
  const data = await openData(settings, onNote);
  const summary = (dataset: Dataset) => ({
    images: dataset.images.length,
    boxes: dataset.annotations.count,
    sha256: datasetDigest(dataset),
  });
  const digests = {
    [settings.trainSplit]: summary(data.train),
    ...(data.evaluation ? { [settings.evaluateSplit!]: summary(data.evaluation) } : {}),
  };
  if (resume !== undefined) await checkData(resume, digests);
  // Fitting anchors again, or a model file that has changed, would make another network of a resumed run.
  const start = opened
    ? { ...opened.checkpoint.model, weights: opened.checkpoint.state }
    : await prepareModel(settings, data.train, onNote);
  const threads = settings.threads ?? undefined;
  const { teacher: teacherPath } = settings;
  if (teacherPath === null && settings.teacherWeights !== null) {
    const problem = `teacherWeights ${settings.teacherWeights}: there is no teacher`;
    throw new MicroYoloError('invalid-argument', `${problem}; name its .cfg as the teacher`);
  }
  await using teacher =
    teacherPath === null
      ? undefined
      : await loadTeacher(teacherPath, data.train, teacherThreads(threads), Object.values(settings.hints), {
          weights: settings.teacherWeights,
          student: hintedStudent(start.network, settings),
          onNote,
        });
  checkHints(teacher, start.network, settings, onNote);
  const folder = resume ?? (await makeRunFolder(settings));
  await using _lock = await lockRun(folder);
  if (resume === undefined) await describeRun(folder, settings, digests);
  if (opened?.extended) await writeSettings(folder, opened.extended);
  onEvent({ type: 'run', folder, settings });
  const { evaluation } = data;
  // Of the last evaluation: kept if its model turns out to be the best.
  let detections: DetectionList | undefined;
  const run: TrainingRun = {
    settings,
    dataset: data.train,
    network: start.network,
    recipe: start.recipe,
    weights: start.weights,
    provenance: {
      source: opened?.checkpoint.model.provenance['source'] ?? `trained by micro-yolo on ${settings.data}`,
      'training images': String(data.train.images.length),
      ...teacher?.provenance,
    },
    folder,
    resume: opened?.checkpoint,
    evaluate: evaluation
      ? (model, epoch) =>
          evaluateRun(model, evaluation, epoch, {
            ...{ folder, threads, onProblem: onNote },
            onDetections: (found) => {
              detections = found;
            },
          })
      : undefined,
    teacher,
    requireGpu,
    signal,
  };
  const curves: Promise<void>[] = [];
  const history: Parameters<typeof writeCurves>[1][number][] = [...(opened?.checkpoint.run.history ?? [])];
  let written = history.length;
  const draw = () => {
    written = history.length;
    curves.push(writeCurves(folder, [...history]).catch((error: unknown) => onNote(String(error))));
  };
  const before = opened?.checkpoint.run;
  const begun = { history: before?.history ?? [], best: before?.best ?? undefined };
  const reporter = new RunReporter(folder, settings, data, begun, onNote);
  let result: TrainingResult;
  let state: 'failed' | TrainingResult['reason'] = 'failed';
  try {
    result = await train(run, (event) => {
      onEvent(event);
      reporter.hear(event, detections);
      if (event.type !== 'epoch') return;
      history.push(event.row);
      if (DECIDING[data.train.task ?? 'detection'] in event.row || !evaluation) draw();
    });
    state = result.reason;
    if (history.length > written) draw();
  } catch (error) {
    await reporter.settled;
    if (resume === undefined) await removeEmptyRun(folder);
    throw error;
  } finally {
    await Promise.allSettled(curves);
    if (await isFolder(folder)) await reporter.end(state);
  }
  const hasBest = result.best !== undefined || (!evaluation && result.reason === 'finished');
  const model = join(folder, hasBest ? BEST_FILE : LAST_FILE);
  return { ...result, task: data.train.task ?? 'detection', folder, model };
}
