import type { Dataset } from '../../datasets/dataset.ts';
import { createWriter, type DatasetFormat } from '../../datasets/formats/registry.ts';
import type { VocBoxes } from '../../datasets/formats/voc/boxes.ts';
import { startFolder, writeRecord } from '../../datasets/output/folder.ts';
import { refuseRepeats, transferImages } from '../../datasets/output/image-links.ts';
import { Losses } from '../../datasets/output/losses.ts';
import { readableImages } from '../../datasets/output/readable-images.ts';
import type { ImageTransfer } from '../../datasets/output/transfers.ts';
import { withoutCrowds } from '../../datasets/output/without-crowds.ts';
import { type DatasetProblem, isKept } from '../../datasets/problems.ts';
import type { DatasetSource } from '../../datasets/source.ts';
import type { ItemEvent, StartedEvent } from '../../foundation/events.ts';
import { WRITING_OPTIONS } from '../../options/dataset/writing.ts';

/** Options for writing a data set. */
export interface WriteDatasetOptions {
  /** Folder of the new data set. */
  readonly out: string;
  /** Format to write. @default 'coco' */
  readonly to?: DatasetFormat | undefined;
  /** How images are transferred. @default 'link' */
  readonly transfer?: ImageTransfer | undefined;
  /** Whether to replace the data set in the folder, if this library wrote it. @default false */
  readonly overwrite?: boolean | undefined;
  /** How Pascal VOC files count pixels. @default 'one-based', or as the source's description states */
  readonly vocBoxes?: VocBoxes | undefined;
}

/** Progress events of writing a data set. */
export type WriteDatasetEvent =
  /** The annotations are read. */
  | StartedEvent
  /** A problem of the source. `kept`: the record was used anyway, otherwise it was skipped. */
  | { readonly type: 'problem'; readonly problem: DatasetProblem; readonly kept: boolean }
  | ItemEvent;

/** A split that was written. */
export interface WrittenSplit {
  /** Name of the split. */
  readonly split: string;
  /** Number of images. */
  readonly images: number;
  /** Number of annotations. */
  readonly annotations: number;
}

/** A data set that was written. */
export interface WrittenDataset {
  /** Format of the data set. */
  readonly format: DatasetFormat;
  /** Path to open it with. */
  readonly path: string;
  /** The splits, in the order of the source. */
  readonly splits: readonly WrittenSplit[];
  /** What the format cannot hold, one line each. */
  readonly losses: readonly string[];
}

/** Where written data come from. */
export interface DataOrigin {
  /** Their path, or what made them. It is recorded in the new folder. */
  readonly source: string;
  /** Format they were read from. Only COCO's has ids. */
  readonly format?: DatasetSource['format'] | undefined;
}

/**
 * Writes the splits of a data set into a folder, with their images.
 * @throws MicroYoloError if the folder is not empty or cannot be written
 */
export async function writeDataset(
  given: ReadonlyMap<string, Dataset>,
  origin: DataOrigin,
  options: WriteDatasetOptions,
  onEvent: (event: WriteDatasetEvent) => void,
): Promise<WrittenDataset> {
  const { source, format } = origin;
  const { out, overwrite = false, vocBoxes = 'one-based' } = options;
  const { to = WRITING_OPTIONS.to.default, transfer = WRITING_OPTIONS.transfer.default } = options;
  const report = (problem: DatasetProblem) =>
    onEvent({ type: 'problem', problem, kept: isKept(problem.kind) });
  const datasets = new Map(
    [...given].map(([split, dataset]) => [split, readableImages(dataset, to, report)] as const),
  );
  const writer = await createWriter(to, out, vocBoxes);
  const record = { entries: writer.entries([...datasets.keys()]), format: to, source };
  for (const [split, dataset] of datasets) writer.check(dataset, split);
  if (transfer !== 'none') for (const dataset of datasets.values()) refuseRepeats(dataset);
  const sources = [source, ...[...datasets.values()].map(({ imageFolder }) => imageFolder)];
  await startFolder(out, record, sources, overwrite);
  const total = [...datasets.values()].reduce((sum, dataset) => sum + dataset.images.length, 0);
  onEvent({ type: 'started', total });

  const losses = new Losses(format === 'coco');
  const splits: WrittenSplit[] = [];
  for (const [split, whole] of datasets) {
    const dataset = writer.marksCrowds ? whole : withoutCrowds(whole, losses);
    await transferImages(
      dataset,
      writer.imageFolder(split),
      transfer,
      () => onEvent({ type: 'item' }),
      report,
    );
    await writer.writeSplit(dataset, split, losses);
    splits.push({ split, images: dataset.images.length, annotations: dataset.annotations.count });
  }
  await writer.finish();
  const written = { format: to, path: writer.path, splits, losses: losses.list() };
  await writeRecord(out, { ...record, splits, losses: written.losses });
  return written;
}
