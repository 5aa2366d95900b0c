/** `micro-yolo/evaluation`: average precision by COCO's and VOC's rules, and accuracy. Has no `node:` imports. */

export type { AnnotationTable, Category, Dataset, DatasetImage } from '../datasets/dataset.ts';
export {
  type Bootstrap,
  type BootstrapDifference,
  bootstrapDifference,
  bootstrapMetrics,
  type MetricIntervals,
} from '../evaluation/bootstrap/bootstrap.ts';
export type { Interval } from '../evaluation/bootstrap/intervals.ts';
export {
  type Matches,
  type PreparedCategory,
  type PreparedEvaluation,
  prepareEvaluation,
} from '../evaluation/bootstrap/prepare.ts';
export type { BootstrapOptions } from '../evaluation/bootstrap/resample.ts';
export { type ClassMapping, mapClasses } from '../evaluation/class-mapping.ts';
export { type ClassificationMetrics, evaluateClassification } from '../evaluation/classification.ts';
export { type CocoEvaluation, evaluateCoco } from '../evaluation/coco/coco-eval.ts';
export {
  type CategoryMetrics,
  type CocoMetrics,
  categoryMetrics,
  cocoMetrics,
} from '../evaluation/coco/coco-metrics.ts';
export {
  COCO_DEFAULTS,
  type CocoEvalOptions,
  type CocoEvalSettings,
} from '../evaluation/coco/coco-settings.ts';
export { DetectionList } from '../evaluation/detection-list.ts';
export { evaluationInput } from '../evaluation/input.ts';
export type { AreaRange } from '../evaluation/matching.ts';
export { type ClassReport, type DetectionReport, evaluateDetections } from '../evaluation/report.ts';
export type { DetectionTable, EvaluationInput, TruthTable } from '../evaluation/tables.ts';
export type { DetectionError, TideThresholds } from '../evaluation/tide/match-images.ts';
export { evaluateTide, type TideCost, type TideError, type TideReport } from '../evaluation/tide/tide.ts';
export { evaluateVoc, type VocAveragePrecision, type VocEvaluation } from '../evaluation/voc-eval.ts';
export { type ErrorCode, MicroYoloError } from '../foundation/errors/errors.ts';
