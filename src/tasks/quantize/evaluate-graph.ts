import type { Dataset } from '../../datasets/dataset.ts';
import { Detector } from '../../detection/detector.ts';
import { evaluateDetections } from '../../evaluation/report.ts';
import type { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import { EVALUATE_DEFAULTS } from '../../options/evaluate.ts';
import { type DetectDatasetEvent, detectDataset } from '../evaluate/detect-dataset.ts';
import { refuseNoImages } from '../evaluate/refuse-no-images.ts';

export interface EvaluateGraphOptions {
  readonly threads: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: DetectDatasetEvent) => void;
}

/**
 * Measures AP50 of a graph on a data set, 0–1, as `val` does.
 * @throws MicroYoloError if no image can be used, or the classes have none in common
 */
export async function evaluateGraph(
  model: GraphModel,
  dataset: Dataset,
  { threads, signal, onEvent }: EvaluateGraphOptions,
): Promise<number> {
  await using detector = await Detector.create(model, { threads });
  const { evaluationThreshold: scoreThreshold, iouThreshold } = detector.decoder;
  const settings = { ...EVALUATE_DEFAULTS, scoreThreshold, iouThreshold };
  const skipped: MicroYoloError[] = [];
  const hear = (event: DetectDatasetEvent) => {
    if (event.type === 'skipped') skipped.push(event.error);
    onEvent(event);
  };
  const detections = await detectDataset(detector, dataset, settings, { signal, onEvent: hear });
  refuseNoImages(dataset.images.length, skipped);
  return evaluateDetections(dataset, detections, 'detections', { ownBoxes: true }).metrics.AP50;
}
