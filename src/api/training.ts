/** `micro-yolo/training`: training, engines, losses, assigners, augmentation, checkpoints, compression and search. */

export type { Method } from '../compression/low-rank/kernel.ts';
export type { Importance } from '../compression/prune/importance.ts';
export type { Objective } from '../compression/search/objectives.ts';
export type { SpaceName } from '../compression/search/spaces.ts';
export type { Choices } from '../executors/onnx/blocked/choices.ts';
export type { SessionTensor } from '../executors/onnx/session/session.ts';
export type { OperationTime } from '../executors/onnx/step/profile.ts';
export { ENGINES, type EngineName } from '../executors/step/names.ts';
export { type CreatedEngine, type CreateEngineOptions, createEngine } from '../executors/step/select.ts';
export type {
  Batch,
  Device,
  StepGraph,
  StepResult,
  TrainingEngine,
} from '../executors/step/step-executor.ts';
export { type ErrorCode, MicroYoloError } from '../foundation/errors/errors.ts';
export { BENCHMARK_TRAINING_DEFAULTS } from '../options/benchmark.ts';
export { METHODS, RANK_RULES } from '../options/decompose.ts';
export { FILE_PRECISIONS } from '../options/optimize.ts';
export { IMPORTANCES } from '../options/prune.ts';
export { OBJECTIVES, SPACES } from '../options/search.ts';
export {
  type BenchmarkTrainingEvent,
  type BenchmarkTrainingOptions,
  benchmarkTraining,
  type TrainingBenchmark,
} from '../tasks/benchmark/benchmark-training.ts';
export {
  type DecomposedAP50,
  type DecomposedLayer,
  type DecomposeEvent,
  type DecomposeOptions,
  type DecomposeReport,
  decomposeModel,
} from '../tasks/decompose/decompose-model.ts';
export type { RankRule } from '../tasks/decompose/options.ts';
export {
  type OptimizeEvent,
  type OptimizeLine,
  type OptimizeOptions,
  type OptimizeOutcome,
  type OptimizeReport,
  optimizeDetector,
} from '../tasks/optimize/optimize-detector.ts';
export {
  type PruneEvent,
  type PruneLine,
  type PruneOptions,
  type PruneReport,
  pruneDetector,
} from '../tasks/prune/prune-detector.ts';
export { type ZeroedReport, zeroWeights } from '../tasks/prune/zero-weights.ts';
export {
  type SearchEvent,
  type SearchLine,
  type SearchOptions,
  type SearchReport,
  searchDetectors,
} from '../tasks/search/search-detectors.ts';
export { type GivenSettings, resolveSettings } from '../tasks/train/settings-file.ts';
export { trainingSettings } from '../tasks/train/train-detector.ts';
export { bestAnchor } from '../training/assigners/best-anchor.ts';
export type { GraphAssignerName } from '../training/assigners/dynamic/assign.ts';
export { shapeRatio } from '../training/assigners/shape-ratio.ts';
export { augment, type LabeledSource } from '../training/augmentation/augment.ts';
export { cleanAugmentation } from '../training/augmentation/clean.ts';
export type { LabeledImage, LabeledObject } from '../training/augmentation/labeled-image.ts';
export {
  AUGMENTATION_DEFAULTS,
  type AugmentationOptions,
  NO_AUGMENTATION,
} from '../training/augmentation/options.ts';
export type { BoxLoss } from '../training/heads/box-overlap.ts';
export {
  type Assigner,
  type Assignment,
  type Head,
  type Truth,
  yoloHeads,
} from '../training/heads/targets.ts';
export { type DetectionBatch, detectionBatch, type TrainingImage } from '../training/loader/batch.ts';
export { classificationBatch } from '../training/loader/classification-batch.ts';
export { dropoutMasks } from '../training/loader/dropout-masks.ts';
export { loadSample } from '../training/loader/sample.ts';
export { type ClassWeighting, classWeights } from '../training/losses/class-weights.ts';
export type { BoxRoom } from '../training/losses/detection-loss.ts';
export type { HintShape } from '../training/losses/hint.ts';
export type { DetectionLossOptions, ScoreOptions } from '../training/losses/options.ts';
export type { ScoreForm } from '../training/losses/score-loss.ts';
export type { Metric } from '../training/objectives/objective.ts';
export {
  type Checkpoint,
  type FoundCheckpoint,
  type RunState,
  readCheckpoint,
} from '../training/run/checkpoint.ts';
export type { TrainingEvent } from '../training/run/events.ts';
export type {
  Best,
  EndReason,
  EpochRow,
  EvaluationMetrics,
  TrainingResult,
  TrainingRun,
} from '../training/run/run.ts';
export type { PartialTrainingSettings, TrainingSettings } from '../training/run/settings.ts';
export { train } from '../training/run/trainer.ts';
export { initialState, weightsOf } from '../training/step/state.ts';
export { buildTrainingStep, type TrainingStep, type TrainingStepOptions } from '../training/step/step.ts';
export type { TeacherMap, TeacherMaps } from '../training/teacher/hints.ts';
export type { AnchorCell, TeacherPrediction } from '../training/teacher/targets.ts';
export type { Teacher, TeacherView } from '../training/teacher/teacher.ts';
