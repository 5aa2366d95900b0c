import { dirname } from 'node:path';
import { checkRange } from '../check-range.ts';
import { checkAnnotations } from '../datasets/check/annotations.ts';
import { type Finding, groupProblems } from '../datasets/check/findings.ts';
import { checkImages, type ImageFacts } from '../datasets/check/images.ts';
import { inspectImage } from '../datasets/check/inspect-image.ts';
import type { CheckedProblem } from '../datasets/check/kinds.ts';
import { mendDataset } from '../datasets/check/mend.ts';
import { renameImages } from '../datasets/check/rename-images.ts';
import { type CheckedSplit, checkSplits } from '../datasets/check/splits.ts';
import { type DatasetStatistics, datasetStatistics } from '../datasets/check/statistics.ts';
import { findImageFolder } from '../datasets/coco/image-folder.ts';
import { writeCoco } from '../datasets/coco/write.ts';
import type { DatasetImage } from '../datasets/dataset.ts';
import { imageSource } from '../datasets/image-path.ts';
import { mapParallel } from '../datasets/parallel.ts';
import { losesData } from '../datasets/problems.ts';
import { MicroYoloError } from '../errors.ts';
import { checkFolder, makeFolder, realPath } from '../files.ts';
import { COCO_TINY_ANCHORS } from '../network/heads/anchors.ts';
import { type NamedSplit, openSplits } from './open-splits.ts';
import { requireBoxes } from './require-boxes.ts';

export interface CheckDatasetOptions {
  /** Data sets of any format; those of several paths or splits must not share images. */
  readonly data: readonly string[];
  /** Only this split. @default all */
  readonly split?: string | undefined;
  /** Folder of the images. @default as the data sets say */
  readonly imageFolder?: string | undefined;
  /** COCO file that gets what could be mended: of one split alone. */
  readonly fix?: string | undefined;
  /** Images under way at a time. @default 8 */
  readonly workers?: number | undefined;
}

export type CheckDatasetEvent =
  /** The annotations are read. */
  { readonly type: 'started'; readonly images: number } | { readonly type: 'image'; readonly file: string };

/** Of a classification set each image is one box, the whole of it. */
export type CheckedSplitReport = DatasetStatistics & {
  readonly name: string;
  readonly label: string;
  readonly task: 'detection' | 'classification';
};

export interface CheckDatasetReport {
  readonly splits: readonly CheckedSplitReport[];
  /** Errors first. */
  readonly findings: readonly Finding[];
  readonly fixed?: { readonly path: string; readonly changes: readonly string[] };
}

/** YOLOv3-tiny's input, which its anchors are for. */
const INPUT = { width: 416, height: 416 } as const;
const WORKERS = 8;

/** Before images are read: the mended data set is of one split, has boxes, and replaces nothing that it is read from. */
async function checkFix(fix: string, splits: readonly NamedSplit[], data: readonly string[]): Promise<void> {
  if (splits.length > 1) {
    const labels = splits.map(({ label }) => label).join(', ');
    throw new MicroYoloError(
      'invalid-argument',
      `fix ${fix}: one file, but the splits ${labels}; check one at a time (--split)`,
    );
  }
  requireBoxes(splits[0]!.dataset);
  const target = await realPath(fix);
  for (const path of [...data, ...splits[0]!.files]) {
    if ((await realPath(path)) === target) {
      throw new MicroYoloError(
        'invalid-argument',
        `fix ${fix}: would overwrite its source; give another name`,
      );
    }
  }
  await checkFolder(dirname(fix));
}

async function writeFixed(
  fix: string,
  { dataset, facts }: CheckedSplit,
  unusable: number,
): Promise<NonNullable<CheckDatasetReport['fixed']>> {
  const mended = mendDataset(dataset, facts);
  const named = renameImages(mended.dataset, await findImageFolder(fix));
  await makeFolder(dirname(fix));
  await writeCoco(named ?? mended.dataset, fix);
  const left = unusable > 0 ? [`unusable records left out: ${unusable}`] : [];
  const elsewhere = named ? [] : [`images stay in ${dataset.imageFolder}: read with --images`];
  return { path: fix, changes: [...left, ...mended.changes, ...elsewhere] };
}

/**
 * Looks for what is wrong in data: in the records, in the boxes, and in every image, which is
 * decoded. Counts classes, sizes and aspects, and measures how the usual anchors fit.
 * @throws MicroYoloError where a data set cannot be read at all, or the mended one not be written
 */
export async function checkDataset(
  options: CheckDatasetOptions,
  onEvent: (event: CheckDatasetEvent) => void = () => {},
): Promise<CheckDatasetReport> {
  const { data, split, imageFolder, fix, workers = WORKERS } = options;
  checkRange('workers', workers, 1, 1024, true);
  const problems: CheckedProblem[] = [];
  const onProblem = (problem: CheckedProblem) => problems.push(problem);
  const opened = await openSplits(data, { split, imageFolder, onProblem });
  const unusable = problems.filter(losesData).length;
  if (fix !== undefined) await checkFix(fix, opened, data);

  const total = opened.reduce((sum, { dataset }) => sum + dataset.images.length, 0);
  onEvent({ type: 'started', images: total });
  const checked: CheckedSplit[] = [];
  for (const { name, dataset } of opened) {
    const inspect = async (image: DatasetImage): Promise<ImageFacts> => {
      const facts = await inspectImage(imageSource(dataset, image));
      onEvent({ type: 'image', file: image.fileName });
      return facts;
    };
    const facts = await mapParallel(dataset.images, workers, inspect);
    for (const problem of checkImages(dataset, facts, name)) problems.push(problem);
    for (const problem of checkAnnotations(dataset, name)) problems.push(problem);
    checked.push({ name, dataset, facts });
  }
  for (const problem of checkSplits(checked)) problems.push(problem);
  const splits = opened.map(({ name, label, dataset }) => ({
    name,
    label,
    task: dataset.task ?? ('detection' as const),
    ...datasetStatistics(dataset, COCO_TINY_ANCHORS, INPUT),
  }));
  const report = { splits, findings: groupProblems(problems) };
  if (fix === undefined) return report;
  return { ...report, fixed: await writeFixed(fix, checked[0]!, unusable) };
}
