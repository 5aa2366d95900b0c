import { join } from 'node:path';
import { anchorFit, type BoxSize, letterboxedSizes } from '../../../anchors/anchor-fit.ts';
import { clusterAnchors } from '../../../anchors/find-anchors.ts';
import type { Finding } from '../../../datasets/check/findings.ts';
import type { NearPair } from '../../../datasets/check/near-duplicates.ts';
import type { Dataset } from '../../../datasets/dataset.ts';
import { makeFolder } from '../../../foundation/files/folders.ts';
import { writeWholeFile } from '../../../foundation/files/write.ts';
import { COCO_TINY_ANCHORS } from '../../../network/heads/anchors.ts';
import { renderDataReport } from '../../../reports/data/data-report.ts';
import type { DataSubject, FittedAnchors, SizeChoice } from '../../../reports/data/subject.ts';
import type { NamedSplit } from '../open-splits.ts';
import type { DatasetStatistics } from './statistics.ts';

/** Input sides to choose from, in pixels. */
const SIDES = [192, 224, 256, 320, 384, 416, 512, 640, 800, 960];
/** Boxes with a shorter side are hardly visible to a network, in pixels of its input. */
const VISIBLE = 8;
const ENOUGH = 0.9;
/** Number of fitted anchors, and maximum number of boxes used to fit them. */
const ANCHORS = 6;
const MOST = 20_000;
/** Input side that YOLOv3-tiny's anchors were made for, in pixels. */
const USUAL_SIDE = 416;

const square = (side: number) => ({ width: side, height: side });

function sizeChoices(datasets: readonly Dataset[]): readonly SizeChoice[] {
  return SIDES.map((side) => {
    const sizes = datasets.flatMap((dataset) => letterboxedSizes(dataset, square(side)));
    const seen = sizes.filter(([width, height]) => Math.min(width, height) >= VISIBLE).length;
    return { side, visible: sizes.length === 0 ? 0 : seen / sizes.length };
  });
}

function fittedAnchors(datasets: readonly Dataset[], side: number): readonly FittedAnchors[] {
  const input = square(side);
  const sizes = datasets.flatMap((dataset) => letterboxedSizes(dataset, input));
  const usual = COCO_TINY_ANCHORS.map(
    ([width, height]): BoxSize => [(width * side) / USUAL_SIDE, (height * side) / USUAL_SIDE],
  );
  const few = sizes.filter((_, at) => at % Math.ceil(sizes.length / MOST) === 0);
  const isEnough = new Set(few.map(String)).size >= ANCHORS;
  return [
    { name: "YOLOv3-tiny's", anchors: usual, input, ...anchorFit(sizes, usual) },
    ...(isEnough ? [clusterAnchors(few, ANCHORS)] : []).map((found) => ({
      ...{ name: 'fitted to this data', anchors: found, input },
      ...anchorFit(sizes, found),
    })),
  ];
}

/** Writes the report of a data check. */
export async function reportData(
  name: string,
  opened: readonly Pick<NamedSplit, 'label' | 'dataset'>[],
  {
    splits,
    findings,
  }: { readonly splits: readonly DatasetStatistics[]; readonly findings: readonly Finding[] },
  nearPairs: readonly NearPair[] | undefined,
  folder: string,
): Promise<string> {
  const datasets = opened
    .map(({ dataset }) => dataset)
    .filter(({ task = 'detection' }) => task === 'detection');
  const sizes = sizeChoices(datasets);
  const recommended = (sizes.find(({ visible }) => visible >= ENOUGH) ?? sizes.at(-1)!).side;
  const subject: DataSubject = {
    name,
    splits: splits.map((split, place) => ({
      ...split,
      name: opened[place]!.label,
      dataset: opened[place]!.dataset,
    })),
    findings: findings.map(({ severity, title, count, places }) => ({
      ...{ severity, title, count },
      places: places.map(({ place, message }) => `${place}: ${message}`),
    })),
    anchors: datasets.length === 0 ? [] : fittedAnchors(datasets, recommended),
    sizes,
    recommended,
    nearPairs,
  };
  await makeFolder(folder);
  const path = join(folder, 'index.html');
  await writeWholeFile(path, await renderDataReport(subject));
  return path;
}
