/** `micro-yolo/datasets`: reads, checks, converts, splits, draws and labels data sets, and reads results files. */

export type { AnchorFit, BoxSize } from '../anchors/anchor-fit.ts';
export type { Finding } from '../datasets/check/findings.ts';
export type { CheckedProblemKind, Severity } from '../datasets/check/kinds.ts';
export type { ClassBoxes } from '../datasets/class-counts.ts';
export * from '../datasets/dataset.ts';
export {
  type NewSplit,
  type SplitOptions,
  type SplitShares,
  splitDataset,
} from '../datasets/edit/split/split-dataset.ts';
export { type SubsetOptions, subsetDataset } from '../datasets/edit/subset.ts';
export { readCifar } from '../datasets/formats/classification/cifar.ts';
export type { ClassificationDataset } from '../datasets/formats/classification/dataset.ts';
export { readImageFolder } from '../datasets/formats/classification/image-folder.ts';
export type { DatasetFormat } from '../datasets/formats/registry.ts';
export type { VocBoxes } from '../datasets/formats/voc/boxes.ts';
export {
  type FindNearDuplicatesOptions,
  findNearDuplicates,
} from '../datasets/near-duplicates/find-near-duplicates.ts';
export type { TogetherCount } from '../datasets/near-duplicates/near-duplicates.ts';
export { type LoadDatasetOptions, loadDataset, openDataset } from '../datasets/open/description.ts';
export type { ImageTransfer } from '../datasets/output/transfers.ts';
export type { DatasetProblem, DatasetProblemKind, OnProblem } from '../datasets/problems.ts';
export type {
  DatasetSource,
  ImageSizes,
  OpenDatasetOptions,
} from '../datasets/source.ts';
export { type MatchedResults, matchResults, readResults, writeResults } from '../evaluation/results/file.ts';
export { type ErrorCode, MicroYoloError } from '../foundation/errors/errors.ts';
export {
  type CheckDatasetEvent,
  type CheckDatasetOptions,
  type CheckDatasetReport,
  type CheckedSplitReport,
  checkDataset,
} from '../tasks/datasets/check/check-dataset.ts';
export type { Bin, DatasetStatistics } from '../tasks/datasets/check/statistics.ts';
export { type ConvertDatasetOptions, convertDataset } from '../tasks/datasets/convert-dataset.ts';
export {
  type AnchorReport,
  type FitAnchorsOptions,
  type FittedAnchors,
  fitAnchors,
} from '../tasks/datasets/fit-anchors.ts';
export { type ShowDatasetOptions, type ShownDataset, showDataset } from '../tasks/datasets/show-dataset.ts';
export {
  type SplitDatasetFilesOptions,
  splitDatasetFiles,
  type WrittenSplits,
} from '../tasks/datasets/split-dataset.ts';
export {
  type SubsetDatasetOptions,
  subsetDatasetFiles,
  type WrittenSubset,
} from '../tasks/datasets/subset-dataset.ts';
export {
  type SynthesizedSplit,
  type SynthesizeEvent,
  type SynthesizeOptions,
  synthesizeDataset,
} from '../tasks/datasets/synthesize-dataset.ts';
export type {
  WriteDatasetEvent,
  WriteDatasetOptions,
  WrittenDataset,
  WrittenSplit,
} from '../tasks/datasets/write-dataset.ts';
export type { LabelDatasetEvent } from '../tasks/label/events.ts';
export {
  LABEL_DEFAULTS,
  type LabelDatasetOptions,
  type LabeledDataset,
  labelDataset,
} from '../tasks/label/label-dataset.ts';
