import { basename } from 'node:path';
import { checkAnnotations } from '../../../datasets/check/annotations.ts';
import { type Finding, groupProblems } from '../../../datasets/check/findings.ts';
import { checkImages, type ImageFacts } from '../../../datasets/check/images.ts';
import { inspectImage } from '../../../datasets/check/inspect-image.ts';
import type { CheckedProblem } from '../../../datasets/check/kinds.ts';
import {
  type NearPair,
  nearDuplicatePairs,
  nearDuplicateProblems,
} from '../../../datasets/check/near-duplicates.ts';
import { type CheckedSplit, checkSplits } from '../../../datasets/check/splits.ts';
import { checkUnlistedAnnotations } from '../../../datasets/check/unlisted-annotations.ts';
import { checkUnlistedImages } from '../../../datasets/check/unlisted-images.ts';
import type { DatasetImage } from '../../../datasets/dataset.ts';
import { imageSource } from '../../../datasets/image-path.ts';
import type { DatasetProblem } from '../../../datasets/problems.ts';
import { checkOptions } from '../../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import type { ItemEvent, StartedEvent } from '../../../foundation/events.ts';
import { checkFolder } from '../../../foundation/files/folders.ts';
import { mapParallel } from '../../../foundation/parallel.ts';
import { type Watch, watching } from '../../../foundation/watch.ts';
import { COCO_TINY_ANCHORS } from '../../../network/heads/anchors.ts';
import { CHECK_OPTIONS } from '../../../options/dataset/check.ts';
import { openSplits } from '../open-splits.ts';
import { checkFix, type FixedDataset, writeFixed } from './fix-dataset.ts';
import { reportData } from './report-data.ts';
import { type DatasetStatistics, datasetStatistics } from './statistics.ts';

/** Options for checking a data set. */
export interface CheckDatasetOptions {
  /** Data sets in any format. Several paths or splits must not share images. */
  readonly data: readonly string[];
  /** Only this split. @default all */
  readonly split?: string | undefined;
  /** Folder of the images. @default those of the data sets */
  readonly imageFolder?: string | undefined;
  /** COCO file to write, with problems fixed where possible. Only for one split. */
  readonly fix?: string | undefined;
  /**
   * Whether to look for near-identical images in different splits. This reads each image once more.
   * @default false
   */
  readonly nearDuplicates?: boolean | undefined;
  /**
   * Folder to write a report to, `index.html`. With several splits, this also looks for near-identical images.
   * @default none
   */
  readonly report?: string | undefined;
  /** Number of images to process at a time. @default 8 */
  readonly workers?: number | undefined;
}

/** Progress events of checking a data set. */
export type CheckDatasetEvent =
  /** The annotations are read. */
  StartedEvent | (ItemEvent & { readonly file: string });

/** Report on one split. In a classification set, each image counts as one box that covers all of it. */
export type CheckedSplitReport = DatasetStatistics & {
  /** Name of the split. */
  readonly name: string;
  /** The split's name, with its file if that helps to tell splits apart. */
  readonly label: string;
  /** Task of the data. */
  readonly task: 'detection' | 'classification';
};

/** Result of a check. */
export interface CheckDatasetReport {
  /** Reports on the splits, in the order of the data. */
  readonly splits: readonly CheckedSplitReport[];
  /** Problems by kind, errors first. */
  readonly findings: readonly Finding[];
  /** What was fixed, and the path of the fixed data set. */
  readonly fixed?: FixedDataset;
}

/** YOLOv3-tiny's input size, for which its anchors were made. */
const INPUT = { width: 416, height: 416 } as const;

/**
 * Looks for problems in records, boxes and images, and decodes every image. Counts classes, sizes and aspect ratios,
 * and measures how well YOLOv3-tiny's anchors fit.
 * @throws MicroYoloError if a data set cannot be read at all, or the fixed one cannot be written
 */
export async function checkDataset(
  options: CheckDatasetOptions,
  watch: Watch<CheckDatasetEvent> = {},
): Promise<CheckDatasetReport> {
  const onEvent = watching(watch);
  checkOptions('checkDataset options', options, CHECK_OPTIONS);
  const { data, split, imageFolder, fix, report: folder, workers = CHECK_OPTIONS.workers.default } = options;
  const read: DatasetProblem[] = [];
  const onProblem = (problem: DatasetProblem) => read.push(problem);
  const opened = await openSplits(data, { split, imageFolder, onProblem });
  const problems: CheckedProblem[] = [...read];
  if (fix !== undefined) await checkFix(fix, opened, data, read);

  if (folder !== undefined) await checkFolder(folder);
  const nearDuplicates = options.nearDuplicates ?? (folder !== undefined && opened.length > 1);
  if (nearDuplicates && opened.length < 2) {
    throw new MicroYoloError(
      'invalid-argument',
      `nearDuplicates: ${opened[0]!.name} alone, expected several splits to compare; pass other data, or leave it out`,
    );
  }
  const total = opened.reduce((sum, { dataset }) => sum + dataset.images.length, 0);
  onEvent({ type: 'started', total: nearDuplicates ? 2 * total : total });
  const checked: CheckedSplit[] = [];
  for (const { name, dataset } of opened) {
    const inspect = async (image: DatasetImage): Promise<ImageFacts> => {
      const facts = await inspectImage(imageSource(dataset, image));
      onEvent({ type: 'item', file: image.fileName });
      return facts;
    };
    const facts = await mapParallel(dataset.images, workers, inspect);
    for (const problem of checkImages(dataset, facts, name)) problems.push(problem);
    for (const problem of checkAnnotations(dataset, name)) problems.push(problem);
    checked.push({ name, dataset, facts });
  }
  const shared = checkSplits(checked);
  for (const problem of shared) problems.push(problem);
  let pairs: readonly NearPair[] | undefined;
  if (nearDuplicates) {
    const known = new Set(shared.map(({ place }) => place));
    const onImage = (file: string) => onEvent({ type: 'item', file });
    pairs = await nearDuplicatePairs(opened, onImage);
    for (const problem of nearDuplicateProblems(opened, pairs, known)) problems.push(problem);
  }
  if (split === undefined) {
    const whole = opened
      .map(({ dataset }) => dataset)
      .filter(({ task = 'detection' }) => task === 'detection');
    for (const problem of await checkUnlistedImages(whole)) problems.push(problem);
    const sources = opened.map(({ source }) => source);
    for (const problem of await checkUnlistedAnnotations(sources)) problems.push(problem);
  }
  const splits = opened.map(({ name, label, dataset }) => ({
    name,
    label,
    task: dataset.task ?? ('detection' as const),
    ...datasetStatistics(dataset, COCO_TINY_ANCHORS, INPUT),
  }));
  const report = { splits, findings: groupProblems(problems) };
  if (folder !== undefined) {
    const name = data.map((path) => basename(path)).join(', ');
    await reportData(name, opened, report, pairs, folder);
  }
  if (fix === undefined) return report;
  return { ...report, fixed: await writeFixed(fix, checked[0]!, read) };
}
