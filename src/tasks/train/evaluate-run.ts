import { join } from 'node:path';
import { xywhToXyxy, xyxyToXywh } from '../../boxes/formats.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { type Detector, loadDetector } from '../../detection/detector.ts';
import { drawContactSheet } from '../../drawing/contact-sheet.ts';
import type { DrawnBox } from '../../drawing/draw-detections.ts';
import { saveCanvas } from '../../drawing/save.ts';
import type { DetectionList } from '../../evaluation/detection-list.ts';
import { evaluateDetections } from '../../evaluation/report.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { makeFolder } from '../../foundation/files/folders.ts';
import { decodeShrunk } from '../../image/decode.ts';
import { placeImage, toInput } from '../../image/letterbox.ts';
import type { Model } from '../../models/model.ts';
import { loadClassifier } from '../../models/running/classifier.ts';
import { EVALUATE_DEFAULTS } from '../../options/evaluate.ts';
import type { EvaluationMetrics } from '../../training/run/run.ts';
import { classifyDataset } from '../evaluate/classify-dataset.ts';
import { detectDataset } from '../evaluate/detect-dataset.ts';

/** Number of images on a sheet of sample detections. */
const SAMPLES = 9;
/** Side of each image's cell, in pixels. */
const CELL = 320;
const SAMPLE_THRESHOLD = 0.25;

/** Draws the model's detections in evenly spaced images of the data set. */
async function drawSamples(
  detector: Detector,
  { images, imageFolder }: Dataset,
  path: string,
): Promise<void> {
  const count = Math.min(SAMPLES, images.length);
  const chosen = Array.from({ length: count }, (_, at) => images[Math.floor((at * images.length) / count)]!);
  const pictures = [];
  for (const { fileName } of chosen) {
    try {
      const source = join(imageFolder, fileName);
      const found = await detector.detect(source, { scoreThreshold: SAMPLE_THRESHOLD });
      const square = { width: CELL, height: CELL };
      const { image, original } = await decodeShrunk(source, (size) => placeImage(size, square, 'letterbox'));
      const placement = { left: 0, top: 0, width: image.width, height: image.height, original };
      const boxes = found.map(
        ({ label, classId, score, box }): DrawnBox => ({
          label,
          classId,
          score,
          box: xyxyToXywh(toInput(xywhToXyxy(box), placement)),
        }),
      );
      pictures.push({ title: fileName, image, boxes });
    } catch (error) {
      if (!(error instanceof MicroYoloError)) throw error;
    }
  }
  if (pictures.length > 0) await saveCanvas(await drawContactSheet(pictures, CELL), path);
}

interface EvaluateRunOptions {
  readonly folder: string;
  readonly threads: number | undefined;
  /** Called for each unusable image, and for other problems. */
  readonly onProblem: (message: string) => void;
  /** Called with the detections of a detector. */
  readonly onDetections: (detections: DetectionList) => void;
}

/** Evaluates a classifier during training. */
async function evaluateClassifierRun(
  model: Model,
  dataset: Dataset,
  { threads, onProblem }: EvaluateRunOptions,
): Promise<EvaluationMetrics | undefined> {
  await using classifier = await loadClassifier(model, { threads });
  let skipped = 0;
  const { top1, top5 } = await classifyDataset(classifier, dataset, (event) => {
    if (event.type !== 'skipped') return;
    onProblem(event.error.message);
    skipped++;
  });
  return skipped < dataset.images.length ? { top1, top5 } : undefined;
}

/**
 * Evaluates a model during training: top-1 and top-5 of a classifier; COCO's metrics of a detector. For a detector,
 * also draws sample detections into the run folder.
 * @returns undefined if no image can be used, because all metrics would be 0
 */
export async function evaluateRun(
  model: Model,
  dataset: Dataset,
  epoch: number,
  options: EvaluateRunOptions,
): Promise<EvaluationMetrics | undefined> {
  if (dataset.task === 'classification') return evaluateClassifierRun(model, dataset, options);
  const { folder, threads, onProblem, onDetections } = options;
  await using detector = await loadDetector(model, { threads });
  let skipped = 0;
  const detections = await detectDataset(detector, dataset, EVALUATE_DEFAULTS, {
    onEvent: (event) => {
      if (event.type === 'note') onProblem(event.message);
      if (event.type !== 'skipped') return;
      onProblem(event.error.message);
      skipped++;
    },
  });
  if (skipped === dataset.images.length) return undefined;
  const { metrics } = evaluateDetections(dataset, detections);
  onDetections(detections);
  const samples = join(folder, 'samples');
  try {
    await makeFolder(samples);
    await drawSamples(detector, dataset, join(samples, `epoch-${String(epoch).padStart(4, '0')}.jpg`));
  } catch (error) {
    // Pictures are optional: a full disk, or a machine that cannot draw, must not end a run.
    if (!(error instanceof MicroYoloError)) throw error;
    onProblem(error.message);
  }
  return { ...metrics };
}
