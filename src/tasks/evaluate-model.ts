import { dirname, join } from 'node:path';
import type { Dataset } from '../datasets/dataset.ts';
import { loadDataset } from '../datasets/description.ts';
import { MicroYoloError } from '../errors.ts';
import { mapClasses } from '../evaluation/class-mapping.ts';
import { DetectionList } from '../evaluation/detection-list.ts';
import { type DetectionReport, evaluateDetections } from '../evaluation/report.ts';
import { readResults, writeResults } from '../evaluation/results-file.ts';
import { checkFolder, makeFolder, realPath } from '../files.ts';
import { detectMany } from '../inference/detect-many.ts';
import { type Detector, type LoadDetectorOptions, loadDetector } from '../inference/detector.ts';
import type { DetectOptions } from '../inference/options.ts';
import { loadModel } from '../model/load.ts';

/** What mAP needs: nearly every box counts, and COCO's hundred an image. */
export const EVALUATE_DEFAULTS = { scoreThreshold: 0.001, iouThreshold: 0.45, maxDetections: 100 } as const;

export interface EvaluateOptions extends LoadDetectorOptions {
  /** COCO `.json`, dataset `.yaml`, Darknet `.data`, or a Pascal VOC folder. */
  readonly data: string;
  /** Split of a dataset that has several. @default 'val' */
  readonly split?: string | undefined;
  /** Folder of the images. @default as the dataset says */
  readonly images?: string | undefined;
  /** Model file; or `results` instead. */
  readonly model?: string | undefined;
  /** File of detections in pycocotools' format. */
  readonly results?: string | undefined;
  /** File to write the detections to, in pycocotools' format. */
  readonly saveJson?: string | undefined;
  /** @default 0.001 */
  readonly scoreThreshold?: number | undefined;
  /** Of non-maximum suppression. @default 0.45 */
  readonly iouThreshold?: number | undefined;
  /** Boxes an image. @default 100 */
  readonly maxDetections?: number | undefined;
}

export type EvaluateEvent =
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'started'; readonly images: number }
  | { readonly type: 'image'; readonly detections: number }
  /** An image that could not be used: its objects count as not found. */
  | { readonly type: 'skipped'; readonly image: string; readonly error: MicroYoloError };

export interface EvaluationReport extends DetectionReport {
  /** Seconds that detecting took, and that evaluating took. */
  readonly seconds: { readonly detecting: number; readonly evaluating: number };
}

async function detectDataset(
  detector: Detector,
  dataset: Dataset,
  options: Required<Pick<DetectOptions, keyof typeof EVALUATE_DEFAULTS>>,
  onEvent: (event: EvaluateEvent) => void,
): Promise<DetectionList> {
  const { categoryIds, notes } = mapClasses(detector.model.classes, dataset.categories);
  if (categoryIds.every((id) => id === undefined)) {
    const [model, data] = [detector.model.classes, dataset.categories.map(({ name }) => name)];
    const some = (names: readonly string[]) => names.slice(0, 5).join(', ') + (names.length > 5 ? ' …' : '');
    throw new MicroYoloError(
      'invalid-argument',
      `the model finds ${some(model)}, the dataset has ${some(data)}: no class in common; give class names by --names, or other data`,
    );
  }
  for (const message of notes) onEvent({ type: 'note', message });
  const { scoreThreshold, iouThreshold, maxDetections } = options;
  const paths = dataset.images.map(({ fileName }) => join(dataset.imageFolder, fileName));
  const found = new DetectionList();
  // Boxes stay as the network gave them, as the references that mAP is compared with have them.
  const settings = { scoreThreshold, iouThreshold, maxDetections, clip: false };
  // By place and not by path: two records may name one file.
  let place = 0;
  for await (const { source, result, error } of detectMany(detector, paths, settings)) {
    const { id } = dataset.images[place++]!;
    if (error) {
      onEvent({ type: 'skipped', image: source, error });
      continue;
    }
    for (const { classId, box, score } of result.detections) {
      const categoryId = categoryIds[classId];
      if (categoryId !== undefined) found.add(id, categoryId, box, score);
    }
    onEvent({ type: 'image', detections: result.detections.length });
  }
  return found;
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
  for (const source of [data, model, results, weights, names]) {
    if (source === undefined || (await realPath(source)) !== target) continue;
    throw new MicroYoloError(
      'invalid-argument',
      `save-json ${saveJson}: would overwrite what is read; give another name`,
    );
  }
  await checkFolder(dirname(saveJson));
}

/**
 * Evaluates a model over a dataset, or a file of detections against it.
 * @throws MicroYoloError where model, dataset or detections cannot be used
 */
export async function evaluateModel(
  options: EvaluateOptions & ({ readonly model: string } | { readonly results: string }),
  onEvent: (event: EvaluateEvent) => void = () => {},
): Promise<EvaluationReport> {
  const { split, images, weights, names, size, resize, threads } = options;
  await checkSaveJson(options);
  const dataset = await loadDataset(options.data, { split, imageFolder: images });
  const started = performance.now();
  let detections: DetectionList;
  if (options.results !== undefined) detections = await readResults(options.results);
  else {
    const { model, warnings } = await loadModel(options.model!, { weights, names });
    for (const message of warnings) onEvent({ type: 'note', message });
    await using detector = await loadDetector(model, { size, resize, threads });
    const {
      scoreThreshold = EVALUATE_DEFAULTS.scoreThreshold,
      iouThreshold = EVALUATE_DEFAULTS.iouThreshold,
      maxDetections = EVALUATE_DEFAULTS.maxDetections,
    } = options;
    const settings = { scoreThreshold, iouThreshold, maxDetections };
    detector.check(settings);
    onEvent({ type: 'started', images: dataset.images.length });
    detections = await detectDataset(detector, dataset, settings, onEvent);
  }
  const detected = performance.now();
  if (options.saveJson !== undefined) {
    await makeFolder(dirname(options.saveJson));
    await writeResults(options.saveJson, detections);
  }
  const report = evaluateDetections(dataset, detections, options.results);
  const seconds = {
    detecting: (detected - started) / 1000,
    evaluating: (performance.now() - detected) / 1000,
  };
  return { ...report, seconds };
}
