/** The public API. */
export { Candidates } from './boxes/candidates.ts';
export {
  type DecodeOptions as DecodeHeadOptions,
  decodeHead,
  type HeadOutput,
} from './boxes/decode-heads.ts';
export * from './boxes/formats.ts';
export { boxArea, iou } from './boxes/iou.ts';
export { greedyNms, type NmsOptions } from './boxes/nms/greedy.ts';
export { type DrawnBox, drawDetections } from './drawing/draw-detections.ts';
export { saveCanvas } from './drawing/save.ts';
export { type ErrorCode, MicroYoloError } from './errors.ts';
export { type DecodeOptions, decodeImage, type RgbImage } from './image/decode.ts';
export { writePicture } from './image/encode.ts';
export type { ImageSource, RawImage } from './image/sources.ts';
export { compileModel } from './inference/compile.ts';
export {
  DETECT_DEFAULTS,
  type Detection,
  type DetectionResult,
  type DetectOptions,
  Detector,
  type DetectTimings,
  type LoadDetectorOptions,
  loadDetector,
} from './inference/detector.ts';
export { initializeWeights } from './model/initialize.ts';
export { type LoadedModel, loadModel, loadNetwork } from './model/load.ts';
export { DEFAULT_RECIPE, type InputRecipe, type Model, type Provenance } from './model/model.ts';
export { readModel, writeModel } from './model/model-file.ts';
export * from './network/blocks/cost-formulas.ts';
export { NetworkBuilder } from './network/builder.ts';
export { type Cost, type LayerCost, type NetworkCost, networkCost } from './network/cost.ts';
export type { DetectorOptions } from './network/detectors/options.ts';
export type * from './network/layers.ts';
export { buildDetector, type DetectorName, detectorNames } from './network/registry.ts';
export { inferShapes, withInputSize } from './network/shapes.ts';
export {
  type DetectFilesEvent,
  type DetectFilesOptions,
  detectFiles,
  type ImageDetections,
} from './tasks/detect-files.ts';
export { type ExportOptions, exportModel } from './tasks/export-model.ts';
export { type ModelReport, reportModel } from './tasks/report-model.ts';
