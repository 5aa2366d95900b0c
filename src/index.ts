/** The public API. */

export type { LabeledSource } from './augmentation/augment.ts';
export { augment } from './augmentation/augment.ts';
export { cleanAugmentation } from './augmentation/clean.ts';
export type { LabeledImage, LabeledObject } from './augmentation/labeled-image.ts';
export { AUGMENTATION_DEFAULTS, type AugmentationOptions, NO_AUGMENTATION } from './augmentation/options.ts';
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
export type { AnchorFit, BoxSize } from './datasets/anchor-fit.ts';
export type { Finding } from './datasets/check/findings.ts';
export type { CheckedProblemKind, Severity } from './datasets/check/kinds.ts';
export type { Bin, DatasetStatistics } from './datasets/check/statistics.ts';
export type { ClassBoxes } from './datasets/class-counts.ts';
export { readCifar } from './datasets/classification/cifar.ts';
export type { ClassificationDataset } from './datasets/classification/dataset.ts';
export { readImageFolder } from './datasets/classification/image-folder.ts';
export * from './datasets/dataset.ts';
export { type LoadDatasetOptions, loadDataset, openDataset } from './datasets/description.ts';
export { type FindNearDuplicatesOptions, findNearDuplicates } from './datasets/find-near-duplicates.ts';
export type { TogetherCount } from './datasets/near-duplicates.ts';
export type { ImageTransfer } from './datasets/output/image-links.ts';
export type { DatasetProblem, DatasetProblemKind, OnProblem } from './datasets/problems.ts';
export type {
  ClassificationFormat,
  DatasetFormat,
  DatasetSource,
  ImageSizes,
  OpenDatasetOptions,
} from './datasets/source.ts';
export {
  type NewSplit,
  type SplitOptions,
  type SplitShares,
  splitDataset,
} from './datasets/split/split-dataset.ts';
export { type SubsetOptions, subsetDataset } from './datasets/subset.ts';
export type { VocBoxes } from './datasets/voc/boxes.ts';
export type {
  AddBox,
  CustomDecoder,
  Decode,
  DecoderView,
  Outputs,
  OutputTensor,
} from './detection/decoder.ts';
export type { Canvas, CanvasPackage, Context2d } from './drawing/canvas.ts';
export { type DrawnBox, drawDetections } from './drawing/draw-detections.ts';
export { saveCanvas } from './drawing/save.ts';
export type { Batch, Device, StepGraph, StepResult, TrainingEngine } from './engines/engine.ts';
export { ENGINES, type EngineName } from './engines/engine-names.ts';
export type { OperationTime } from './engines/onnx/profile.ts';
export {
  type CreatedEngine,
  type CreateEngineOptions,
  createEngine,
} from './engines/select.ts';
export { type ErrorCode, MicroYoloError } from './errors.ts';
export { type ClassMapping, mapClasses } from './evaluation/class-mapping.ts';
export { type ClassificationMetrics, evaluateClassification } from './evaluation/classification.ts';
export type { CocoEvalSettings } from './evaluation/coco-eval.ts';
export {
  COCO_DEFAULTS,
  type CocoEvalOptions,
  type CocoEvaluation,
  evaluateCoco,
} from './evaluation/coco-eval.ts';
export {
  type CategoryMetrics,
  type CocoMetrics,
  categoryMetrics,
  cocoMetrics,
} from './evaluation/coco-metrics.ts';
export { DetectionList } from './evaluation/detection-list.ts';
export { evaluationInput } from './evaluation/input.ts';
export type { AreaRange } from './evaluation/matching.ts';
export { type ClassReport, type DetectionReport, evaluateDetections } from './evaluation/report.ts';
export { type MatchedResults, matchResults, readResults, writeResults } from './evaluation/results-file.ts';
export type { DetectionTable, EvaluationInput, TruthTable } from './evaluation/tables.ts';
export { evaluateVoc, type VocAveragePrecision, type VocEvaluation } from './evaluation/voc-eval.ts';
export type { Graph, Tensor, Tensors } from './graph/operations.ts';
export { type DecodeOptions, decodeImage, type ImageNote, type RgbImage } from './image/decode.ts';
export { writePicture } from './image/encode.ts';
export { type Placement, placeImage, type Resize, toInput, toOriginal } from './image/letterbox.ts';
export { type PreparedImage, prepareImage, type ResizeRecipe } from './image/prepare.ts';
export type { EncodedImage, ImageSource, RawImage } from './image/sources.ts';
export {
  type Classification,
  Classifier,
  type ClassifyOptions,
  type LoadClassifierOptions,
  loadClassifier,
} from './inference/classifier.ts';
export { compileModel, exportOnnx, type OnnxExportOptions, type Suppression } from './inference/compile.ts';
export { type DecoderDefinition, defineDecoder } from './inference/define-decoder.ts';
export { type DetectManyResult, detectMany } from './inference/detect-many.ts';
export {
  type Detection,
  type DetectionResult,
  Detector,
  type DetectTimings,
  type LoadDetectorOptions,
  loadDetector,
} from './inference/detector.ts';
export { DETECT_DEFAULTS, type DetectOptions } from './inference/options.ts';
export { RUNTIMES, type RuntimeName } from './inference/runtime-names.ts';
export type { RuntimeOptions } from './inference/runtimes.ts';
export { type CatalogEntry, type CatalogFile, DEFAULT_MODEL, modelCatalog } from './model/catalog.ts';
export type { DarknetFiles } from './model/darknet/read.ts';
export { type DownloadOptions, downloadModel } from './model/download.ts';
export { type FetchOptions, fetchModel } from './model/fetch-model.ts';
export type { PixelScale } from './model/forward.ts';
export { initializeWeights } from './model/initialize.ts';
export { type LoadedModel, loadModel, loadNetwork } from './model/load.ts';
export type { ColorValue } from './model/model.ts';
export { DEFAULT_RECIPE, type InputRecipe, type Model, type Provenance } from './model/model.ts';
export type { ModelDescription } from './model/model-file.ts';
export { readModel, writeModel } from './model/model-file.ts';
export { fromTorchvision } from './model/torchvision.ts';
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
export type { Choices } from './onnx/blocked/choices.ts';
export type { SessionTensor } from './runtime/node.ts';
export {
  type BenchmarkDetectionOptions,
  benchmarkDetection,
  type DetectionBenchmark,
} from './tasks/benchmark-detection.ts';
export {
  BENCHMARK_TRAINING_DEFAULTS,
  type BenchmarkTrainingEvent,
  type BenchmarkTrainingOptions,
  benchmarkTraining,
  type TrainingBenchmark,
} from './tasks/benchmark-training.ts';
export {
  type CalibrateOptions,
  type Calibration,
  type CalibrationTrial,
  calibrateModel,
} from './tasks/calibrate-model.ts';
export {
  type CheckDatasetEvent,
  type CheckDatasetOptions,
  type CheckDatasetReport,
  type CheckedSplitReport,
  checkDataset,
} from './tasks/check-dataset.ts';
export type { ClassifyFilesEvent } from './tasks/classify-files.ts';
export { type ClassifyFilesOptions, classifyFiles, type ImageClasses } from './tasks/classify-files.ts';
export {
  COMPARE_DEFAULTS,
  type ComparedNetwork,
  type CompareEvent,
  type CompareOptions,
  compareNetworks,
} from './tasks/compare-networks.ts';
export { type ConvertDatasetOptions, convertDataset } from './tasks/convert-dataset.ts';
export type { DetectDatasetEvent } from './tasks/detect-dataset.ts';
export { EVALUATE_DEFAULTS } from './tasks/detect-dataset.ts';
export {
  type DetectFilesEvent,
  type DetectFilesOptions,
  detectFiles,
  type ImageDetections,
} from './tasks/detect-files.ts';
export type { EvaluateClassifierEvent } from './tasks/evaluate-classifier.ts';
export {
  type ClassAccuracy,
  type ClassifierReport,
  type EvaluateClassifierOptions,
  evaluateClassifier,
} from './tasks/evaluate-classifier.ts';
export {
  type EvaluateEvent,
  type EvaluateOptions,
  type EvaluationReport,
  evaluateModel,
} from './tasks/evaluate-model.ts';
export { type ExportOptions, exportModel } from './tasks/export-model.ts';
export type { FittedAnchors } from './tasks/fit-anchors.ts';
export { type AnchorReport, type FitAnchorsOptions, fitAnchors } from './tasks/fit-anchors.ts';
export { type ImportedGraph, type ImportGraphOptions, importGraph } from './tasks/import-graph.ts';
export { type ImportOptions, importModel } from './tasks/import-model.ts';
export {
  LABEL_DEFAULTS,
  type LabelDatasetEvent,
  type LabelDatasetOptions,
  type LabeledDataset,
  labelDataset,
} from './tasks/label/label-dataset.ts';
export { type ListedModel, listModels } from './tasks/list-models.ts';
export type { ImageInput, NamedImage } from './tasks/named-images.ts';
export { type GraphReport, type ReportGraphOptions, reportGraph } from './tasks/report-graph.ts';
export type { LayerReport } from './tasks/report-model.ts';
export { type ModelReport, reportModel } from './tasks/report-model.ts';
export { type ShowDatasetOptions, type ShownDataset, showDataset } from './tasks/show-dataset.ts';
export {
  type SplitDatasetFilesOptions,
  splitDatasetFiles,
  type WrittenSplits,
} from './tasks/split-dataset.ts';
export { type SubsetDatasetOptions, subsetDatasetFiles, type WrittenSubset } from './tasks/subset-dataset.ts';
export {
  type SynthesizedSplit,
  type SynthesizeEvent,
  type SynthesizeOptions,
  synthesizeDataset,
} from './tasks/synthesize-dataset.ts';
export type { Timings } from './tasks/timings.ts';
export type { GivenSettings } from './tasks/train/settings-file.ts';
export { resolveSettings } from './tasks/train/settings-file.ts';
export {
  type TrainEvent,
  type TrainOptions,
  type TrainReport,
  trainDetector,
  trainingSettings,
} from './tasks/train/train-detector.ts';
export type {
  WriteDatasetEvent,
  WriteDatasetOptions,
  WrittenDataset,
  WrittenSplit,
} from './tasks/write-dataset.ts';
export { bestAnchor } from './training/assigners/best-anchor.ts';
export type { GraphAssignerName } from './training/assigners/dynamic/assign.ts';
export { shapeRatio } from './training/assigners/shape-ratio.ts';
export type { Assignment } from './training/assigners/targets.ts';
export { type Assigner, type Head, type Truth, yoloHeads } from './training/assigners/targets.ts';
export { type DetectionBatch, detectionBatch, type TrainingImage } from './training/batch.ts';
export type { Checkpoint, FoundCheckpoint, RunState } from './training/checkpoint.ts';
export { readCheckpoint } from './training/checkpoint.ts';
export { type ClassWeighting, classWeights } from './training/class-weights.ts';
export { classificationBatch } from './training/classification-batch.ts';
export { dropoutMasks } from './training/dropout-masks.ts';
export { loadSample } from './training/loader/sample.ts';
export type { BoxLoss } from './training/losses/box-overlap.ts';
export type { BoxRoom } from './training/losses/detection-loss.ts';
export type { DetectionLossOptions, ScoreOptions } from './training/losses/options.ts';
export type { ScoreForm } from './training/losses/score-loss.ts';
export type { Metric } from './training/objectives/objective.ts';
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
} from './training/run.ts';
export {
  type PartialTrainingSettings,
  type TrainingSettings,
  trainingSettingsSchema,
} from './training/settings.ts';
export {
  buildTrainingStep,
  initialState,
  type TrainingStep,
  type TrainingStepOptions,
  weightsOf,
} from './training/step.ts';
export type { TeacherMap, TeacherMaps } from './training/teacher-hints.ts';
export type { AnchorCell, TeacherPrediction } from './training/teacher-targets.ts';
export { train } from './training/trainer.ts';
