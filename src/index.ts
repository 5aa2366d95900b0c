/** The public API. */

export type { AnchorFit, BoxSize } from './anchors/anchor-fit.ts';
export { Candidates } from './boxes/candidates.ts';
export {
  type DecodeOptions as DecodeHeadOptions,
  decodeHead,
  type HeadOutput,
} from './boxes/decode-heads.ts';
export * from './boxes/formats.ts';
export { fuseBoxes, type VotedBox } from './boxes/fuse-boxes.ts';
export { boxArea, iou } from './boxes/iou.ts';
export { type ClusterNmsOptions, clusterNms } from './boxes/nms/cluster.ts';
export { greedyNms, type NmsOptions } from './boxes/nms/greedy.ts';
export { NMS_METHODS, type NmsMethod, suppress } from './boxes/nms/suppress.ts';
export type { Finding } from './datasets/check/findings.ts';
export type { CheckedProblemKind, Severity } from './datasets/check/kinds.ts';
export type { ClassBoxes } from './datasets/class-counts.ts';
export * from './datasets/dataset.ts';
export {
  type NewSplit,
  type SplitOptions,
  type SplitShares,
  splitDataset,
} from './datasets/edit/split/split-dataset.ts';
export { type SubsetOptions, subsetDataset } from './datasets/edit/subset.ts';
export { readCifar } from './datasets/formats/classification/cifar.ts';
export type { ClassificationDataset } from './datasets/formats/classification/dataset.ts';
export { readImageFolder } from './datasets/formats/classification/image-folder.ts';
export type { VocBoxes } from './datasets/formats/voc/boxes.ts';
export {
  type FindNearDuplicatesOptions,
  findNearDuplicates,
} from './datasets/near-duplicates/find-near-duplicates.ts';
export type { TogetherCount } from './datasets/near-duplicates/near-duplicates.ts';
export { type LoadDatasetOptions, loadDataset, openDataset } from './datasets/open/description.ts';
export type { ImageTransfer } from './datasets/output/image-links.ts';
export type { DatasetProblem, DatasetProblemKind, OnProblem } from './datasets/problems.ts';
export type {
  ClassificationFormat,
  DatasetFormat,
  DatasetSource,
  ImageSizes,
  OpenDatasetOptions,
} from './datasets/source.ts';
export type {
  AddBox,
  CustomDecoder,
  Decode,
  DecoderView,
  Outputs,
  OutputTensor,
} from './detection/decoders/decoder.ts';
export { type DecoderDefinition, defineDecoder } from './detection/decoders/define-decoder.ts';
export { type DetectManyResult, detectMany } from './detection/detect-many.ts';
export {
  type Detection,
  type DetectionResult,
  Detector,
  type DetectTimings,
  type LoadDetectorOptions,
  loadDetector,
} from './detection/detector.ts';
export { DETECT_DEFAULTS, type DetectOptions } from './detection/options.ts';
export type { Canvas, CanvasPackage, Context2d } from './drawing/canvas.ts';
export { type DrawnBox, drawDetections } from './drawing/draw-detections.ts';
export { saveCanvas } from './drawing/save.ts';
export { type ClassMapping, mapClasses } from './evaluation/class-mapping.ts';
export { type ClassificationMetrics, evaluateClassification } from './evaluation/classification.ts';
export { type CocoEvaluation, evaluateCoco } from './evaluation/coco-eval.ts';
export {
  type CategoryMetrics,
  type CocoMetrics,
  categoryMetrics,
  cocoMetrics,
} from './evaluation/coco-metrics.ts';
export { COCO_DEFAULTS, type CocoEvalOptions, type CocoEvalSettings } from './evaluation/coco-settings.ts';
export { DetectionList } from './evaluation/detection-list.ts';
export { evaluationInput } from './evaluation/input.ts';
export type { AreaRange } from './evaluation/matching.ts';
export { type ClassReport, type DetectionReport, evaluateDetections } from './evaluation/report.ts';
export { type MatchedResults, matchResults, readResults, writeResults } from './evaluation/results/file.ts';
export type { DetectionTable, EvaluationInput, TruthTable } from './evaluation/tables.ts';
export { evaluateVoc, type VocAveragePrecision, type VocEvaluation } from './evaluation/voc-eval.ts';
export { RUNTIMES, type RuntimeName } from './executors/names.ts';
export type { Choices } from './executors/onnx/blocked/choices.ts';
export {
  createSession,
  type Provider,
  type Session,
  type SessionOptions,
  type SessionTensor,
  type SessionTensors,
} from './executors/onnx/session.ts';
export type { OperationTime } from './executors/onnx/step/profile.ts';
export { ENGINES, type EngineName } from './executors/step/names.ts';
export {
  type CreatedEngine,
  type CreateEngineOptions,
  createEngine,
} from './executors/step/select.ts';
export type { Batch, Device, StepGraph, StepResult, TrainingEngine } from './executors/step/step-executor.ts';
export { type ErrorCode, MicroYoloError } from './foundation/errors/errors.ts';
export type { Graph, Tensor, Tensors } from './graph/operations.ts';
export { type DecodeOptions, decodeImage, type ImageNote, type RgbImage } from './image/decode.ts';
export { writePicture } from './image/encode.ts';
export { type Placement, placeImage, type Resize, toInput, toOriginal } from './image/letterbox.ts';
export { type PreparedImage, prepareImage, type ResizeRecipe } from './image/prepare.ts';
export type { EncodedImage, ImageSource, RawImage } from './image/sources.ts';
export {
  compileModel,
  exportOnnx,
  type OnnxExportOptions,
  type Suppression,
} from './models/compile/compile.ts';
export { type CatalogEntry, type CatalogFile, DEFAULT_MODEL, modelCatalog } from './models/fetch/catalog.ts';
export { type DownloadOptions, downloadModel } from './models/fetch/download.ts';
export { type FetchOptions, fetchModel } from './models/fetch/fetch-model.ts';
export type { DarknetFiles } from './models/formats/darknet/read.ts';
export type { ModelDescription } from './models/formats/safetensors/model-file.ts';
export { readModel, writeModel } from './models/formats/safetensors/model-file.ts';
export { fromTorchvision } from './models/formats/torchvision.ts';
export type { PixelScale } from './models/forward/forward.ts';
export { initializeWeights } from './models/initialize.ts';
export { type LoadedModel, loadModel, loadNetwork } from './models/load.ts';
export type { ColorValue } from './models/model.ts';
export { DEFAULT_RECIPE, type InputRecipe, type Model, type Provenance } from './models/model.ts';
export {
  type Classification,
  Classifier,
  type ClassifyOptions,
  type LoadClassifierOptions,
  loadClassifier,
} from './models/running/classifier.ts';
export type { RuntimeOptions } from './models/running/open-network.ts';
export { type BackboneName, backboneNames } from './network/backbones/families.ts';
export type { InputSize } from './network/backbones/stages.ts';
export * from './network/blocks/cost-formulas.ts';
export type { Squeeze } from './network/blocks/squeeze-excite.ts';
export type { Activation, BuilderOptions, NormOptions } from './network/builder.ts';
export { NetworkBuilder } from './network/builder.ts';
export type { ClassifierOptions } from './network/classifiers/classifier.ts';
export { type Cost, type LayerCost, type NetworkCost, networkCost } from './network/cost.ts';
export type { DetectorOptions } from './network/detectors/options.ts';
export { type Guideline, type GuidelineVerdict, guidelineVerdicts } from './network/guidelines.ts';
export type { AnchorMasks } from './network/heads/anchors.ts';
export type * from './network/layers.ts';
export { networkParameters, type Parameter } from './network/parameters.ts';
export {
  buildClassifier,
  buildDetector,
  buildNetwork,
  type DetectorName,
  type DetectorSpecifier,
  detectorNames,
  type HeadName,
  headNames,
} from './network/registry.ts';
export type { PaddingStyle } from './network/shapes.ts';
export { inferShapes, withInputSize } from './network/shapes.ts';
export {
  type BenchmarkDetectionOptions,
  benchmarkDetection,
  type DetectionBenchmark,
} from './tasks/benchmark/benchmark-detection.ts';
export {
  BENCHMARK_TRAINING_DEFAULTS,
  type BenchmarkTrainingEvent,
  type BenchmarkTrainingOptions,
  benchmarkTraining,
  type TrainingBenchmark,
} from './tasks/benchmark/benchmark-training.ts';
export {
  COMPARE_DEFAULTS,
  type CompareEvent,
  type CompareOptions,
  compareNetworks,
} from './tasks/benchmark/compare-networks.ts';
export type { ComparedNetwork } from './tasks/benchmark/compared-network.ts';
export type { Timings } from './tasks/benchmark/timings.ts';
export {
  type CheckDatasetEvent,
  type CheckDatasetOptions,
  type CheckDatasetReport,
  type CheckedSplitReport,
  checkDataset,
} from './tasks/datasets/check/check-dataset.ts';
export type { Bin, DatasetStatistics } from './tasks/datasets/check/statistics.ts';
export { type ConvertDatasetOptions, convertDataset } from './tasks/datasets/convert-dataset.ts';
export type { FittedAnchors } from './tasks/datasets/fit-anchors.ts';
export { type AnchorReport, type FitAnchorsOptions, fitAnchors } from './tasks/datasets/fit-anchors.ts';
export { type ShowDatasetOptions, type ShownDataset, showDataset } from './tasks/datasets/show-dataset.ts';
export {
  type SplitDatasetFilesOptions,
  splitDatasetFiles,
  type WrittenSplits,
} from './tasks/datasets/split-dataset.ts';
export {
  type SubsetDatasetOptions,
  subsetDatasetFiles,
  type WrittenSubset,
} from './tasks/datasets/subset-dataset.ts';
export {
  type SynthesizedSplit,
  type SynthesizeEvent,
  type SynthesizeOptions,
  synthesizeDataset,
} from './tasks/datasets/synthesize-dataset.ts';
export type {
  WriteDatasetEvent,
  WriteDatasetOptions,
  WrittenDataset,
  WrittenSplit,
} from './tasks/datasets/write-dataset.ts';
export type { ClassifyFilesEvent } from './tasks/detect/classify-files.ts';
export {
  type ClassifyFilesOptions,
  classifyFiles,
  type ImageClasses,
} from './tasks/detect/classify-files.ts';
export {
  type DetectFilesEvent,
  type DetectFilesOptions,
  detectFiles,
  type ImageDetections,
} from './tasks/detect/detect-files.ts';
export type { ImageInput, NamedImage } from './tasks/detect/named-images.ts';
export type { DetectDatasetEvent } from './tasks/evaluate/detect-dataset.ts';
export { EVALUATE_DEFAULTS } from './tasks/evaluate/detect-dataset.ts';
export type { EvaluateClassifierEvent } from './tasks/evaluate/evaluate-classifier.ts';
export {
  type ClassAccuracy,
  type ClassifierReport,
  type EvaluateClassifierOptions,
  evaluateClassifier,
} from './tasks/evaluate/evaluate-classifier.ts';
export {
  type EvaluateEvent,
  type EvaluateOptions,
  type EvaluationReport,
  evaluateModel,
} from './tasks/evaluate/evaluate-model.ts';
export {
  LABEL_DEFAULTS,
  type LabelDatasetEvent,
  type LabelDatasetOptions,
  type LabeledDataset,
  labelDataset,
} from './tasks/label/label-dataset.ts';
export {
  type CalibrateOptions,
  type Calibration,
  type CalibrationTrial,
  calibrateModel,
} from './tasks/models/calibrate-model.ts';
export { type ExportOptions, exportModel } from './tasks/models/export-model.ts';
export { type ImportedGraph, type ImportGraphOptions, importGraph } from './tasks/models/import-graph.ts';
export { type ImportOptions, importModel } from './tasks/models/import-model.ts';
export { type ListedModel, listModels } from './tasks/models/list-models.ts';
export { type GraphReport, type ReportGraphOptions, reportGraph } from './tasks/models/report-graph.ts';
export type { LayerReport } from './tasks/models/report-model.ts';
export { type ModelReport, reportModel } from './tasks/models/report-model.ts';
export type { GivenSettings } from './tasks/train/settings-file.ts';
export { resolveSettings } from './tasks/train/settings-file.ts';
export {
  type TrainEvent,
  type TrainOptions,
  type TrainReport,
  trainDetector,
  trainingSettings,
} from './tasks/train/train-detector.ts';
export { bestAnchor } from './training/assigners/best-anchor.ts';
export type { GraphAssignerName } from './training/assigners/dynamic/assign.ts';
export { shapeRatio } from './training/assigners/shape-ratio.ts';
export type { LabeledSource } from './training/augmentation/augment.ts';
export { augment } from './training/augmentation/augment.ts';
export { cleanAugmentation } from './training/augmentation/clean.ts';
export type { LabeledImage, LabeledObject } from './training/augmentation/labeled-image.ts';
export {
  AUGMENTATION_DEFAULTS,
  type AugmentationOptions,
  NO_AUGMENTATION,
} from './training/augmentation/options.ts';
export type { BoxLoss } from './training/heads/box-overlap.ts';
export type { Assignment } from './training/heads/targets.ts';
export { type Assigner, type Head, type Truth, yoloHeads } from './training/heads/targets.ts';
export { type DetectionBatch, detectionBatch, type TrainingImage } from './training/loader/batch.ts';
export { classificationBatch } from './training/loader/classification-batch.ts';
export { dropoutMasks } from './training/loader/dropout-masks.ts';
export { loadSample } from './training/loader/sample.ts';
export { type ClassWeighting, classWeights } from './training/losses/class-weights.ts';
export type { BoxRoom } from './training/losses/detection-loss.ts';
export type { DetectionLossOptions, ScoreOptions } from './training/losses/options.ts';
export type { ScoreForm } from './training/losses/score-loss.ts';
export type { Metric } from './training/objectives/objective.ts';
export type { Checkpoint, FoundCheckpoint, RunState } from './training/run/checkpoint.ts';
export { readCheckpoint } from './training/run/checkpoint.ts';
export type {
  Best,
  EndReason,
  EpochRow,
  EvaluationMetrics,
  Teacher,
  TeacherView,
  TrainingEvent,
  TrainingResult,
  TrainingRun,
} from './training/run/run.ts';
export {
  type PartialTrainingSettings,
  type TrainingSettings,
  trainingSettingsSchema,
} from './training/run/settings.ts';
export { train } from './training/run/trainer.ts';
export {
  buildTrainingStep,
  initialState,
  type TrainingStep,
  type TrainingStepOptions,
  weightsOf,
} from './training/step/step.ts';
export type { TeacherMap } from './training/teacher/hints.ts';
export type { AnchorCell, TeacherPrediction } from './training/teacher/targets.ts';
