/** The public API: load, detect, classify, evaluate, train, draw. */

export type { NmsMethod } from '../boxes/nms/methods.ts';
export type { ByteTrackOptions } from '../boxes/tracking/byte-track.ts';
export type { Point } from '../boxes/tracking/count.ts';
export type { CustomDecoder } from '../detection/decoders/decoder.ts';
export { type DecoderDefinition, defineDecoder } from '../detection/decoders/define-decoder.ts';
export { type DetectManyOptions, type DetectManyResult, detectMany } from '../detection/detect-many.ts';
export {
  type Detection,
  type DetectionResult,
  Detector,
  type DetectorRuns,
  type DetectTimings,
  type LoadDetectorOptions,
  loadDetector,
} from '../detection/detector.ts';
export type { GraphRun } from '../detection/foreign/graph-network.ts';
export type { Canvas, CanvasPackage, Context2d } from '../drawing/canvas.ts';
export { type DrawnBox, drawDetections } from '../drawing/draw-detections.ts';
export { saveCanvas } from '../drawing/save.ts';
export { RUNTIMES, type RuntimeName } from '../executors/names.ts';
export { type ErrorCode, type ErrorDetails, MicroYoloError } from '../foundation/errors/errors.ts';
export type { ItemEvent, NoteEvent, SkippedEvent, StartedEvent } from '../foundation/events.ts';
export type { Watch } from '../foundation/watch.ts';
export { decodeImage, type ImageNote, type RgbImage } from '../image/decode.ts';
export { encodePicture, type PictureFormat, writePicture } from '../image/encode.ts';
export type { ImageSources } from '../image/prepare-ahead.ts';
export type { EncodedImage, ImageSource, RawImage } from '../image/sources.ts';
export { cropImage } from '../image/tiles/crop.ts';
export {
  type FrameReading,
  type ReadFramesOptions,
  readFrames,
  type VideoFrame,
} from '../image/video/read-frames.ts';
export { VideoWriter } from '../image/video/write-video.ts';
export { DEFAULT_MODEL } from '../models/fetch/catalog.ts';
export { downloadModel } from '../models/fetch/download.ts';
export { type LoadedModel, loadModel } from '../models/load.ts';
export type { Model } from '../models/model.ts';
export {
  type Classification,
  Classifier,
  type ClassifyOptions,
  type LoadClassifierOptions,
  loadClassifier,
} from '../models/running/classifier.ts';
export { DETECT_DEFAULTS, type DetectOneOptions, type DetectOptions } from '../options/detect.ts';
export { EVALUATE_DEFAULTS } from '../options/evaluate.ts';
export type { RuntimeOptions } from '../options/loading.ts';
export {
  type ClassifyFilesEvent,
  type ClassifyFilesOptions,
  classifyFiles,
  type ImageClasses,
} from '../tasks/detect/classify-files.ts';
export { detectFiles } from '../tasks/detect/detect-files.ts';
export {
  type DetectFilesEvent,
  type DetectFilesOptions,
  detectImages,
  type ImageDetections,
} from '../tasks/detect/detect-images.ts';
export {
  type DetectVideoEvent,
  type DetectVideoOptions,
  type DetectVideoWatch,
  detectVideo,
} from '../tasks/detect/detect-video.ts';
export type {
  FrameCounts,
  FrameDetection,
  FrameDetections,
  LineCounts,
  ZoneCounts,
} from '../tasks/detect/frame-detections.ts';
export type { ImageInput, NamedImage } from '../tasks/detect/named-images.ts';
export type { OutputOptions } from '../tasks/detect/outputs/options.ts';
export type { FoundInImage } from '../tasks/detect/outputs/output.ts';
export type { LineOptions } from '../tasks/detect/video-counts.ts';
export {
  type DetectDatasetEvent,
  type DetectDatasetOptions,
  detectDataset,
} from '../tasks/evaluate/detect-dataset.ts';
export {
  type ClassAccuracy,
  type ClassifierReport,
  type EvaluateClassifierEvent,
  type EvaluateClassifierOptions,
  evaluateClassifier,
} from '../tasks/evaluate/evaluate-classifier.ts';
export {
  type EvaluateEvent,
  type EvaluateOptions,
  type EvaluationReport,
  evaluateModel,
} from '../tasks/evaluate/evaluate-model.ts';
export { type ExportOptions, exportModel } from '../tasks/models/export-model.ts';
export { importGraph } from '../tasks/models/import-graph.ts';
export { importModel } from '../tasks/models/import-model.ts';
export { listModels } from '../tasks/models/list-models.ts';
export {
  type TrainEvent,
  type TrainOptions,
  type TrainReport,
  trainDetector,
} from '../tasks/train/train-detector.ts';
