import { join } from 'node:path';
import type { Dataset } from '../../datasets/dataset.ts';
import type { DetectionList } from '../../evaluation/detection-list.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { isFolder } from '../../foundation/files/folders.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { TRAIN_OPTIONS } from '../../options/train.ts';
import type { TrainingEvent } from '../../training/run/events.ts';
import { BEST_FILE, LAST_FILE } from '../../training/run/files.ts';
import type { TrainingResult, TrainingRun } from '../../training/run/run.ts';
import type { PartialTrainingSettings, TrainingSettings } from '../../training/run/settings.ts';
import { train } from '../../training/run/trainer.ts';
import { evaluateRun } from './evaluate-run.ts';
import { withNetworkOfWeights } from './network-of-weights.ts';
import { openData } from './open-data.ts';
import { checkData, openRun } from './open-run.ts';
import { prepareModel } from './prepare-model.ts';
import { RunReporter } from './report-run.ts';
import { RunCurves } from './run-curves.ts';
import {
  datasetDigest,
  describeRun,
  lockRun,
  makeRunFolder,
  removeEmptyRun,
  writeSettings,
} from './run-folder.ts';
import { finishedNote } from './run-length.ts';
import { mergeSettings, readSettings, resolveSettings } from './settings-file.ts';
import { openTeacher } from './teacher/open-teacher.ts';

/** Options for training. */
export interface TrainOptions {
  /** Path of an experiment file. */
  readonly config?: string | undefined;
  /** Settings that override those of the file. */
  readonly settings?: PartialTrainingSettings | undefined;
  /** Run folder to continue. The run keeps its own settings, so leave out `config`. */
  readonly resume?: string | undefined;
  /** Whether to fail if no GPU computes the steps. @default false */
  readonly requireGpu?: boolean | undefined;
}

/** Progress events of training. */
export type TrainEvent =
  | TrainingEvent
  | { readonly type: 'run'; readonly folder: string; readonly settings: TrainingSettings };

export interface TrainReport extends TrainingResult {
  /** Task of the model. */
  readonly task: 'detection' | 'classification';
  /** Path of the run folder. */
  readonly folder: string;
  /** Path of the best model, or of the last one if none was evaluated. */
  readonly model: string;
}

/**
 * Returns the settings of a run, from file and overrides, with defaults filled in. If they name weights but no model,
 * the model is that of the weights.
 * @throws MicroYoloError if the file or the weights cannot be read, or for an invalid setting
 */
export async function trainingSettings(options: TrainOptions): Promise<TrainingSettings> {
  checkOptions('training options', options, TRAIN_OPTIONS);
  const { config, settings = {} } = options;
  const file = config === undefined ? {} : await readSettings(config);
  const given = await withNetworkOfWeights(mergeSettings(file, settings));
  return resolveSettings(given, config ?? 'train');
}

/**
 * Trains a detector, or a classifier on images of one class each, with an experiment file and settings; or continues
 * a run. All results are in the run folder. If the signal aborts, the run saves a checkpoint after the current step
 * or evaluation, and returns. While images are still being read, it rejects with `interrupted`.
 * @throws MicroYoloError if settings, data or model cannot be used
 */
export async function trainDetector(
  options: TrainOptions,
  watch: Watch<TrainEvent> = {},
): Promise<TrainReport> {
  // After the signal aborts, events must not throw, so that the run can save its checkpoint.
  const onEvent = watching({ ...watch, signal: undefined });
  checkOptions('trainDetector options', options, TRAIN_OPTIONS);
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
  // A resumed run takes the network from its checkpoint: refitted anchors or a changed model file would alter it.
  const start = opened
    ? { ...opened.checkpoint.model, weights: opened.checkpoint.state }
    : await prepareModel(settings, data.train, onNote);
  // Drops the accuracy, which belongs to the checkpoint's weights.
  const { accuracy: _accuracy, ...kept } = opened?.checkpoint.model.provenance ?? {};
  await using teacher = await openTeacher(settings, data.train, start.network, onNote);
  const folder = resume ?? (await makeRunFolder(settings));
  await using _lock = await lockRun(folder);
  if (resume === undefined) await describeRun(folder, settings, digests);
  if (opened?.extended) await writeSettings(folder, opened.extended);
  onEvent({ type: 'run', folder, settings });
  const { evaluation } = data;
  // Detections of the latest evaluation, stored if its model is the best.
  let detections: DetectionList | undefined;
  const run: TrainingRun = {
    settings,
    dataset: data.train,
    network: start.network,
    recipe: start.recipe,
    weights: start.weights,
    provenance: opened
      ? kept
      : {
          source: `trained by micro-yolo on ${settings.data}`,
          'training images': String(data.train.images.length),
          ...start.provenance,
          ...teacher?.provenance,
        },
    folder,
    resume: opened?.checkpoint,
    evaluate: evaluation
      ? (model, epoch) =>
          evaluateRun(model, evaluation, epoch, {
            ...{ folder, threads: settings.threads ?? undefined, onProblem: onNote },
            onDetections: (found) => {
              detections = found;
            },
          })
      : undefined,
    teacher,
    requireGpu,
    signal,
  };
  const before = opened?.checkpoint.run;
  const begun = { history: before?.history ?? [], best: before?.best ?? undefined };
  const curves = new RunCurves(folder, data.train.task, evaluation !== undefined, begun.history, onNote);
  const reporter = new RunReporter(folder, settings, data, begun, onNote);
  let result: TrainingResult;
  let state: 'failed' | TrainingResult['reason'] = 'failed';
  try {
    result = await train(run, (event) => {
      onEvent(event);
      reporter.hear(event, detections);
      if (event.type === 'epoch') curves.add(event.row);
    });
    state = result.reason;
    curves.finish();
  } catch (error) {
    await reporter.settled;
    if (resume === undefined) await removeEmptyRun(folder);
    throw error;
  } finally {
    await curves.settled;
    if (await isFolder(folder)) await reporter.end(state);
  }
  const hasBest = result.best !== undefined || (!evaluation && result.reason === 'finished');
  const model = join(folder, hasBest ? BEST_FILE : LAST_FILE);
  return { ...result, task: data.train.task ?? 'detection', folder, model };
}
