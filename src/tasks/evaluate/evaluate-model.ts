import { type DatasetProblem, problemError } from '../../datasets/problems.ts';
import { LOAD_DETECTOR_KINDS, type LoadDetectorOptions, loadDetector } from '../../detection/detector.ts';
import { notesOf } from '../../detection/load-any-model.ts';
import type { DetectionList } from '../../evaluation/detection-list.ts';
import { type DetectionReport, evaluateDetections } from '../../evaluation/report.ts';
import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { splitOptions } from '../../foundation/errors/option-row.ts';
import type { StartedEvent } from '../../foundation/events.ts';
import { isFolder } from '../../foundation/files/folders.ts';
import { pathRemedy } from '../../foundation/files/read.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { EVALUATE_OPTIONS, EVALUATED_OPTIONS, type EvaluatedOptions } from '../../options/evaluate.ts';
import { CALIBRATION_OPTIONS, type CalibrationPhoto, DETECTOR_FLAGS } from '../../options/loading.ts';
import { distinctCategories } from '../datasets/distinct-categories.ts';
import { readNamedSplit } from '../datasets/read-split.ts';
import { requireBoxes } from '../datasets/require-boxes.ts';
import { loadCalibrated } from '../models/load-calibrated.ts';
import { type DetectDatasetEvent, detectDataset } from './detect-dataset.ts';
import { evaluateResults } from './evaluate-results.ts';
import { refuseNoImages } from './refuse-no-images.ts';
import {
  type Baseline,
  checkReport,
  type EvaluationAnalysis,
  type ReportOptions,
  readBaseline,
  reportEvaluation,
} from './report-evaluation.ts';
import { checkSaveJson, saveDetections } from './save-detections.ts';
import { trainingImagesNote } from './training-images.ts';
import { problemListener, truthNotes } from './truth-problems.ts';

export interface EvaluateOptions
  extends LoadDetectorOptions,
    CalibrationPhoto,
    EvaluatedOptions,
    ReportOptions {
  /** COCO `.json`, a dataset or YOLO `.yaml`, Darknet `.data`, or a folder in any of these formats. */
  readonly data: string;
  /** Split to evaluate on, if the data has several. @default 'val' */
  readonly split?: string | undefined;
  /** Folder of the images. @default that of the data set */
  readonly imageFolder?: string | undefined;
  /** A path, an https address, or the name of a bundled model. Leave it out if you pass `results`. */
  readonly model?: string | undefined;
  /** File of detections, in pycocotools' format or as `detect --json` writes them. See `matchResults`. */
  readonly results?: string | undefined;
  /** File to write the detections to, in pycocotools' format. @default none */
  readonly saveJson?: string | undefined;
}

const KINDS: OptionKinds<EvaluateOptions> = {
  ...LOAD_DETECTOR_KINDS,
  ...CALIBRATION_OPTIONS,
  ...EVALUATED_OPTIONS,
  ...EVALUATE_OPTIONS,
};

/** Progress events of evaluating a detector. */
export type EvaluateEvent = (StartedEvent & { readonly runtime: string }) | DetectDatasetEvent;

export interface EvaluationReport extends DetectionReport {
  /** Name of the evaluated split. */
  readonly split: string;
  /** Seconds for detection and for evaluation. */
  readonly seconds: {
    /** Seconds for detection. 0 with `results`. */
    readonly detecting: number;
    /** Seconds for evaluation. */
    readonly evaluating: number;
  };
  /** Analysis of errors. Only present with `report`. */
  readonly analysis?: EvaluationAnalysis | undefined;
}

/** Detection options, which do not apply to existing detections. */
const DETECTION_OPTIONS = Object.keys({
  ...EVALUATED_OPTIONS,
  ...DETECTOR_FLAGS,
}) as (keyof EvaluateOptions)[];

function refuseDetectionOptions(options: EvaluateOptions): void {
  const given = DETECTION_OPTIONS.filter((name) => options[name] !== undefined && name !== 'onWarning').join(
    ', ',
  );
  if (given === '') return;
  throw new MicroYoloError(
    'invalid-argument',
    `${given} with results: the results already contain boxes; leave out ${given}`,
  );
}

/**
 * Evaluates a model, or a file of detections, on a data set.
 * @throws MicroYoloError if the model, data set or detections cannot be used, no image can be used, or there are no
 * objects
 */
export async function evaluateModel(
  options: EvaluateOptions & ({ readonly model: string } | { readonly results: string }),
  watch: Watch<EvaluateEvent> = {},
): Promise<EvaluationReport> {
  const onEvent = watching(watch);
  checkOptions('evaluateModel options', options, KINDS);
  const { data, split, imageFolder, model: source, results, saveJson, ...rest } = options;
  const { report: reportFolder, baseline: baselineFile, ...running } = rest;
  const [counting, loading] = splitOptions(running, EVALUATED_OPTIONS);
  if ((source === undefined) === (results === undefined)) {
    const given = source === undefined ? 'neither' : 'both';
    throw new MicroYoloError('invalid-argument', `model and results: got ${given}, expected exactly one`);
  }
  if (results !== undefined) refuseDetectionOptions(options);
  if (saveJson !== undefined) {
    await checkSaveJson(saveJson, data, [source, results, options.weights, options.names]);
  }
  await checkReport({ report: reportFolder, baseline: baselineFile }, [data, source, results, saveJson]);
  if (imageFolder !== undefined && !(await isFolder(imageFolder))) {
    throw new MicroYoloError(
      'not-found',
      `images ${imageFolder}: no such folder; ${pathRemedy(imageFolder)}`,
    );
  }
  const notes: string[] = [];
  const onNote = (message: string) => {
    notes.push(message);
    onEvent({ type: 'note', message });
  };
  const unread: DatasetProblem[] = [];
  const { split: evaluated, dataset: read } = await readNamedSplit(data, {
    split,
    imageFolder,
    imageSizes: results === undefined ? 'needed' : 'stated',
    onProblem: problemListener(results !== undefined, unread, onNote),
  });
  // Results may name categories by id, which is unambiguous.
  const dataset = results === undefined ? distinctCategories(read, data) : read;
  truthNotes(dataset).forEach(onNote);
  const trained = source === undefined ? undefined : await trainingImagesNote(source, data, dataset);
  if (trained !== undefined) onNote(trained);
  let baseline: Baseline | undefined;
  if (baselineFile !== undefined) {
    requireBoxes(dataset);
    baseline = await readBaseline(baselineFile, dataset, onNote);
  }
  let started = performance.now();
  let detections: DetectionList;
  let report: DetectionReport;
  let detected: number;
  if (results !== undefined) {
    requireBoxes(dataset);
    detected = started;
    ({ detections, report } = await evaluateResults(results, dataset));
  } else {
    const { calibrate, truth, ...opening } = loading;
    const loaded = await loadCalibrated(source!, loading);
    notesOf(loaded).forEach(onNote);
    await using detector = await loadDetector(loaded.model, { shareCores: true, ...opening });
    detector.check(counting);
    const images = dataset.images.length + unread.length;
    onEvent({ type: 'started', runtime: detector.runtime, total: images });
    const skipped = unread.map(problemError);
    for (const [place, error] of skipped.entries()) {
      onEvent({ type: 'skipped', image: unread[place]!.place, error });
    }
    started = performance.now();
    detections = await detectDataset(detector, dataset, counting, {
      signal: watch.signal,
      onEvent: (event) => {
        if (event.type === 'note') onNote(event.message);
        else onEvent(event);
        if (event.type === 'skipped') skipped.push(event.error);
      },
    });
    refuseNoImages(images, skipped);
    detected = performance.now();
    report = evaluateDetections(dataset, detections, 'detections', { ownBoxes: true });
  }
  report.notes.forEach(onNote);
  const seconds = {
    detecting: (detected - started) / 1000,
    evaluating: (performance.now() - detected) / 1000,
  };
  if (saveJson !== undefined) await saveDetections(saveJson, detections);
  const whole = { ...report, split: evaluated, notes, seconds };
  if (reportFolder === undefined) return whole;
  const subject = { report: reportFolder, baseline, model: source ?? results!, data };
  return { ...whole, analysis: await reportEvaluation(subject, dataset, detections, whole) };
}
