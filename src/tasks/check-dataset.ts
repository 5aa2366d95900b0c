import { dirname } from 'node:path';
import { checkRange } from '../check-range.ts';
import { checkAnnotations } from '../datasets/check/annotations.ts';
import { type Finding, groupProblems } from '../datasets/check/findings.ts';
import { checkImages, type ImageFacts } from '../datasets/check/images.ts';
import { inspectImage } from '../datasets/check/inspect-image.ts';
import type { CheckedProblem, CheckedProblemKind } from '../datasets/check/kinds.ts';
import { mendDataset } from '../datasets/check/mend.ts';
import { renameImages } from '../datasets/check/rename-images.ts';
import { type CheckedSplit, checkSplits } from '../datasets/check/splits.ts';
import { type DatasetStatistics, datasetStatistics } from '../datasets/check/statistics.ts';
import { findImageFolder } from '../datasets/coco/image-folder.ts';
import { writeCoco } from '../datasets/coco/write.ts';
import type { Dataset, DatasetImage } from '../datasets/dataset.ts';
import { imageSource } from '../datasets/image-path.ts';
import { mapParallel } from '../datasets/parallel.ts';
import { type DatasetProblem, isKept } from '../datasets/problems.ts';
import { MicroYoloError } from '../errors.ts';
import { checkFolder, makeFolder, realPath } from '../files.ts';
import { COCO_TINY_ANCHORS } from '../network/heads/anchors.ts';
import { type NamedSplit, openSplits } from './open-splits.ts';
import { countKinds } from './problem-notes.ts';
import { refuseAmbiguousClasses } from './refuse-ambiguous-classes.ts';
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

/** What writing again puts right of what a reader noticed. */
const PUT_RIGHT: Partial<Record<CheckedProblemKind, string>> = {
  'repeated-record': 'records listed twice written once',
  'text-id': 'ids of text replaced by numbers',
  'annotation-id': 'annotations numbered from 1',
  'number-as-text': 'numbers in quotes written as numbers',
  'not-a-number': 'NaN and Infinity written as null',
  'bad-area': "areas replaced by their boxes'",
  'box-from-outline': 'boxes taken from outlines',
  'size-from-image': 'sizes taken from the images',
};

/** @throws MicroYoloError `invalid-file` if what is left would only look like a sound data set */
function refuseEmpty(
  fix: string,
  { annotations }: Dataset,
  before: Dataset,
  lost: readonly DatasetProblem[],
): void {
  if (annotations.count > 0 || (before.annotations.count === 0 && lost.length === 0)) return;
  const found = lost.length > 0 ? ` (${countKinds(lost)})` : '';
  const remedy = 'check without --fix for the list, and mend it by hand';
  throw new MicroYoloError('invalid-file', `fix ${fix}: no box would be left${found}; ${remedy}`);
}

async function writeFixed(
  fix: string,
  { dataset, facts }: CheckedSplit,
  problems: readonly DatasetProblem[],
): Promise<NonNullable<CheckDatasetReport['fixed']>> {
  const mended = mendDataset(dataset, facts);
  const lost = problems.filter(({ kind }) => !isKept(kind));
  refuseEmpty(fix, mended.dataset, dataset, lost);
  const named = renameImages(mended.dataset, await findImageFolder(fix));
  await makeFolder(dirname(fix));
  await writeCoco(named ?? mended.dataset, fix);
  const left = lost.length > 0 ? [`unusable records left out: ${lost.length}`] : [];
  const ambiguous = lost.filter(({ kind }) => kind === 'duplicate-id').length;
  const unclear = ambiguous > 0 ? [`of these, images that share an id: ${ambiguous}`] : [];
  const put = [...new Set(problems.map(({ kind }) => PUT_RIGHT[kind]))].filter((what) => what !== undefined);
  const elsewhere = named ? [] : [`images stay in ${dataset.imageFolder}: read with --images`];
  return { path: fix, changes: [...left, ...unclear, ...put, ...mended.changes, ...elsewhere] };
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
  const read: DatasetProblem[] = [];
  const onProblem = (problem: DatasetProblem) => read.push(problem);
  const opened = await openSplits(data, { split, imageFolder, onProblem });
  const problems: CheckedProblem[] = [...read];
  if (fix !== undefined) {
    refuseAmbiguousClasses(read);
    await checkFix(fix, opened, data);
  }

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
  return { ...report, fixed: await writeFixed(fix, checked[0]!, read) };
}
