/** `micro-yolo/models`: reads, writes, imports, exports, reports on and times models; parts for custom pipelines. */

export type { LayerTime } from '../compression/quantize/layer-times.ts';
export type { Initialization } from '../compression/share/k-means.ts';
export type { DepthwiseShift } from '../compression/shift/shift-weights.ts';
export type {
  AddBox,
  Decode,
  Decoder,
  DecoderView,
  Outputs,
  OutputTensor,
} from '../detection/decoders/decoder.ts';
export type { Provider, SessionOptions } from '../executors/onnx/session/options.ts';
export {
  createSession,
  type Session,
  type SessionTensor,
  type SessionTensors,
} from '../executors/onnx/session/session.ts';
export { type ErrorCode, MicroYoloError } from '../foundation/errors/errors.ts';
export type { Graph, NamedValue, Node, Tensor, Tensors } from '../graph/operations.ts';
export type { DecodeOptions } from '../image/decode.ts';
export { type PreparedImage, prepareImage, type ResizeRecipe } from '../image/prepare.ts';
export type { Fill, Letterbox, Resampling } from '../image/recipe/recipe.ts';
export {
  compileModel,
  exportOnnx,
  type OnnxExportOptions,
  type Suppression,
} from '../models/compile/compile.ts';
export { type CatalogEntry, type CatalogFile, modelCatalog } from '../models/fetch/catalog.ts';
export type { DownloadOptions } from '../models/fetch/download.ts';
export { type FetchOptions, fetchModel } from '../models/fetch/fetch-model.ts';
export type { DarknetFiles } from '../models/formats/darknet/read.ts';
export type { ModelDescription } from '../models/formats/safetensors/description.ts';
export { readModel, writeModel } from '../models/formats/safetensors/model-file.ts';
export { fromTorchvision } from '../models/formats/torchvision.ts';
export type { PixelScale } from '../models/forward/photograph.ts';
export type { ByteScale, SimulatedQuantization } from '../models/forward/simulated-quantization.ts';
export type { AnyModel, GraphModel } from '../models/graph-model.ts';
export { initializeWeights } from '../models/initialize.ts';
export type { LicenseVerdict } from '../models/license.ts';
export { type LoadedModel, loadModel, loadNetwork } from '../models/load.ts';
export {
  type ColorValue,
  DEFAULT_RECIPE,
  type InputRecipe,
  type Model,
  type Provenance,
} from '../models/model.ts';
export {
  type BenchmarkDetectionEvent,
  type BenchmarkDetectionOptions,
  benchmarkDetection,
  type DetectionBenchmark,
} from '../tasks/benchmark/benchmark-detection.ts';
export {
  COMPARE_DEFAULTS,
  type CompareEvent,
  type CompareOptions,
  compareNetworks,
} from '../tasks/benchmark/compare-networks.ts';
export type { ComparedNetwork } from '../tasks/benchmark/compared-network.ts';
export type { PeerBenchmark, PeersBenchmark } from '../tasks/benchmark/peers.ts';
export type { Stage } from '../tasks/benchmark/stages.ts';
export type { Throughput } from '../tasks/benchmark/throughput.ts';
export type { Timings } from '../tasks/benchmark/timings.ts';
export {
  type CompressEvent,
  type CompressionStage,
  type CompressOptions,
  type CompressReport,
  compressModel,
} from '../tasks/compress/compress-model.ts';
export type { CompressMethod } from '../tasks/compress/options.ts';
export type { LatencyMeterOptions } from '../tasks/latency/meter.ts';
export {
  type LatencyReport,
  type OperationLatency,
  type ReportLatencyOptions,
  reportLatency,
} from '../tasks/latency/report-latency.ts';
export {
  type CalibrateOptions,
  type Calibration,
  type CalibrationTrial,
  calibrateModel,
} from '../tasks/models/calibrate-model.ts';
export type { ImportedGraph, ImportGraphOptions } from '../tasks/models/import-graph.ts';
export type { ImportedModel, ImportOptions } from '../tasks/models/import-model.ts';
export type { ListedModel } from '../tasks/models/list-models.ts';
export { type GraphReport, type ReportGraphOptions, reportGraph } from '../tasks/models/report-graph.ts';
export { type LayerReport, type ModelReport, reportModel } from '../tasks/models/report-model.ts';
export {
  type FinetuningReport,
  type QuantizedLayer,
  type QuantizeEvent,
  type QuantizeOptions,
  type QuantizeReport,
  quantizeModel,
  type SwapReport,
} from '../tasks/quantize/quantize-model.ts';
