import { dirname } from 'node:path';
import type { NmsMethod } from '../boxes/nms/suppress.ts';
import { loadDataset, openDataset } from '../datasets/description.ts';
import { type DatasetProblem, problemError, problemHandler } from '../datasets/problems.ts';
import { MicroYoloError } from '../errors.ts';
import type { DetectionList } from '../evaluation/detection-list.ts';
import { type DetectionReport, evaluateDetections } from '../evaluation/report.ts';
import { readResults, writeResults } from '../evaluation/results-file.ts';
import { checkFolder, isFolder, makeFolder, realPath } from '../files.ts';
import { type LoadDetectorOptions, loadDetector } from '../inference/detector.ts';
import { type DetectDatasetEvent, detectDataset, EVALUATE_DEFAULTS } from './detect-dataset.ts';
import { type CalibrationPhoto, loadCalibrated } from './load-calibrated.ts';
import { refuseNoImages } from './refuse-no-images.ts';

export interface EvaluateOptions extends LoadDetectorOptions, CalibrationPhoto {
  /** COCO `.json`, a dataset's or YOLO's `.yaml`, Darknet's `.data`, or a folder of any of them. */
  readonly data: string;
  /** Split of a dataset that has several. @default 'val' */
  readonly split?: string | undefined;
  /** Folder of the images. @default as the dataset says */
  readonly imageFolder?: string | undefined;
  /** A path, an https address, or the name of a model that ships; or `results` instead. */
  readonly model?: string | undefined;
  /** File of detections in pycocotools' format. */
  readonly results?: string | undefined;
  /** File to write the detections to, in pycocotools' format. */
  readonly saveJson?: string | undefined;
  /** @default 0.001 */
  readonly scoreThreshold?: number | undefined;
  /** Of non-maximum suppression. @default 0.45 */
  readonly iouThreshold?: number | undefined;
  /** How overlapping boxes are thinned out. @default 'greedy' */
  readonly nms?: NmsMethod | undefined;
  /** Boxes an image. @default 100 */
  readonly maxDetections?: number | undefined;
}

export type EvaluateEvent =
  | { readonly type: 'started'; readonly runtime: string; readonly images: number }
  | DetectDatasetEvent;

export interface EvaluationReport extends DetectionReport {
  /** Seconds that detecting took, and that evaluating took. */
  readonly seconds: { readonly detecting: number; readonly evaluating: number };
}

/** Before hours of detecting: detections can be written there, and overwrite nothing that is read. */
async function checkSaveJson({
  saveJson,
  data,
  model,
  results,
  weights,
  names,
}: EvaluateOptions): Promise<void> {
  if (saveJson === undefined) return;
  const target = await realPath(saveJson);
  const { files } = await openDataset(data);
  for (const source of [data, ...files, model, results, weights, names]) {
    if (source === undefined || (await realPath(source)) !== target) continue;
    throw new MicroYoloError(
      'invalid-argument',
      `save-json ${saveJson}: would overwrite what is read; give another name`,
    );
  }
  await checkFolder(dirname(saveJson));
}

/** Options of detecting, which mean nothing to detections that are there already. */
const DETECTION_OPTIONS = [
  ...['scoreThreshold', 'iouThreshold', 'nms', 'maxDetections', 'weights', 'names', 'size', 'resize'],
  ...['threads', 'runtime', 'requireGpu'],
] as const satisfies readonly (keyof EvaluateOptions)[];

function refuseDetectionOptions(options: EvaluateOptions): void {
  const given = DETECTION_OPTIONS.filter((name) => options[name] !== undefined).join(', ');
  if (given === '') return;
  throw new MicroYoloError(
    'invalid-argument',
    `${given} with results: the boxes are there already; leave out ${given}`,
  );
}

/**
 * Evaluates a model over a dataset, or a file of detections against it.
 * @throws MicroYoloError where model, dataset or detections cannot be used, or no image can
 */
export async function evaluateModel(
  options: EvaluateOptions & ({ readonly model: string } | { readonly results: string }),
  onEvent: (event: EvaluateEvent) => void = () => {},
): Promise<EvaluationReport> {
  const { split, imageFolder, model: source, results } = options;
  if ((source === undefined) === (results === undefined)) {
    const given = source === undefined ? 'neither' : 'both';
    throw new MicroYoloError(
      'invalid-argument',
      `model and results: ${given} given, expected one of the two`,
    );
  }
  if (results !== undefined) refuseDetectionOptions(options);
  await checkSaveJson(options);
  if (imageFolder !== undefined && !(await isFolder(imageFolder))) {
    throw new MicroYoloError('not-found', `images ${imageFolder}: no such folder; check the path`);
  }
  const unread: DatasetProblem[] = [];
  const onProblem = (problem: DatasetProblem) => {
    const isOfImage = problem.kind === 'bad-image-file' || problem.kind === 'missing-image-file';
    // Without an image the ids of those after it are others, which detections that are given go by.
    if (isOfImage && results === undefined) unread.push(problem);
    else problemHandler(undefined)(problem);
  };
  const dataset = await loadDataset(options.data, { split, imageFolder, onProblem });
  let started = performance.now();
  let detections: DetectionList;
  if (results !== undefined) detections = await readResults(results);
  else {
    const { model, notes } = await loadCalibrated(source!, options);
    for (const message of notes) onEvent({ type: 'note', message });
    await using detector = await loadDetector(model, options);
    const {
      scoreThreshold = detector.decoder.evaluationThreshold,
      iouThreshold = detector.decoder.iouThreshold,
      nms = EVALUATE_DEFAULTS.nms,
      maxDetections = EVALUATE_DEFAULTS.maxDetections,
    } = options;
    const settings = { scoreThreshold, iouThreshold, nms, maxDetections };
    detector.check(settings);
    const images = dataset.images.length + unread.length;
    onEvent({ type: 'started', runtime: detector.runtime, images });
    const skipped = unread.map(problemError);
    for (const [place, error] of skipped.entries()) {
      onEvent({ type: 'skipped', image: unread[place]!.place, error });
    }
    started = performance.now();
    detections = await detectDataset(detector, dataset, settings, (event) => {
      if (event.type === 'skipped') skipped.push(event.error);
      onEvent(event);
    });
    refuseNoImages(images, skipped);
  }
  const detected = performance.now();
  const report = evaluateDetections(dataset, detections, options.results);
  const seconds = {
    detecting: (detected - started) / 1000,
    evaluating: (performance.now() - detected) / 1000,
  };
  if (options.saveJson !== undefined) {
    await makeFolder(dirname(options.saveJson));
    await writeResults(options.saveJson, detections);
  }
  return { ...report, seconds };
}
