import { type AnchorFit, anchorFit, type BoxSize, letterboxedSizes } from '../../../anchors/anchor-fit.ts';
import type { Size } from '../../../boxes/formats.ts';
import type { Dataset } from '../../../datasets/dataset.ts';

/** A range of values, from `from` up to but not including `to`. */
export interface Bin {
  /** Smallest value of the bin. */
  readonly from: number;
  /** Upper end, not included. `null` if there is none, because JSON has no infinity. */
  readonly to: number | null;
  /** Number of boxes in the bin. */
  readonly count: number;
}

/** Statistics of a split. */
export interface DatasetStatistics {
  /** Number of images. */
  readonly images: number;
  /** Number of annotations. */
  readonly annotations: number;
  /** Number of crowd boxes. */
  readonly crowds: number;
  /** Images without annotations. */
  readonly background: number;
  /** Boxes of each class. */
  readonly classes: readonly {
    /** Id of the category. */
    readonly id: number;
    /** Name of the category. */
    readonly name: string;
    /** Number of boxes. */
    readonly boxes: number;
    /** Number of images with boxes of the class. */
    readonly images: number;
  }[];
  /** Number of boxes by the area of their object, in COCO's groups with borders at 32² and 96² square pixels. */
  readonly cocoSizes: {
    /** Objects under 32² square pixels. */
    readonly small: number;
    /** Objects from 32² to 96² square pixels. */
    readonly medium: number;
    /** Objects over 96² square pixels. */
    readonly large: number;
  };
  /** Boxes by the square root of their area, in pixels of the image. */
  readonly sides: readonly Bin[];
  /** Boxes by their aspect ratio: width over height. */
  readonly aspects: readonly Bin[];
  /** How well YOLOv3-tiny's anchors fit, and the anchors themselves. */
  readonly anchors: AnchorFit & {
    /** The anchors. */
    readonly anchors: readonly BoxSize[];
    /** Size of the input, in pixels. */
    readonly input: Size;
  };
}

const SIDES = [0, 8, 16, 32, 64, 96, 192, 384];
const ASPECTS = [0, 1 / 4, 1 / 2, 4 / 5, 5 / 4, 2, 4];

function histogram(values: readonly number[], edges: readonly number[]): readonly Bin[] {
  const counts = edges.map(() => 0);
  for (const value of values) {
    const bin = edges.findLastIndex((edge) => value >= edge);
    counts[bin] = counts[bin]! + 1;
  }
  return edges.map((from, bin) => ({ from, to: edges[bin + 1] ?? null, count: counts[bin]! }));
}

function classCounts({ categories, annotations }: Dataset): DatasetStatistics['classes'] {
  const boxes = categories.map(() => 0);
  const images = categories.map(() => new Set<number>());
  for (let row = 0; row < annotations.count; row++) {
    const category = annotations.categories[row]!;
    boxes[category] = boxes[category]! + 1;
    images[category]!.add(annotations.images[row]!);
  }
  return categories.map(({ id, name }, index) => ({
    id,
    name,
    boxes: boxes[index]!,
    images: images[index]!.size,
  }));
}

/** Statistics of a data set. Sizes do not include crowds and boxes without area, as in training. */
export function datasetStatistics(
  dataset: Dataset,
  anchors: readonly BoxSize[],
  input: Size,
): DatasetStatistics {
  const { annotations } = dataset;
  const rows = Array.from({ length: annotations.count }, (_, row) => row);
  const width = (row: number) => annotations.boxes[4 * row + 2]!;
  const height = (row: number) => annotations.boxes[4 * row + 3]!;
  const solid = rows.filter((row) => annotations.crowd[row] === 0 && width(row) > 0 && height(row) > 0);
  const between = (from: number, to: number) =>
    solid.filter((row) => annotations.areas[row]! >= from && annotations.areas[row]! < to).length;
  return {
    images: dataset.images.length,
    annotations: annotations.count,
    crowds: rows.filter((row) => annotations.crowd[row] === 1).length,
    background: dataset.images.length - new Set(annotations.images).size,
    classes: classCounts(dataset),
    cocoSizes: {
      small: between(0, 32 ** 2),
      medium: between(32 ** 2, 96 ** 2),
      large: between(96 ** 2, Number.POSITIVE_INFINITY),
    },
    sides: histogram(
      solid.map((row) => Math.sqrt(width(row) * height(row))),
      SIDES,
    ),
    aspects: histogram(
      solid.map((row) => width(row) / height(row)),
      ASPECTS,
    ),
    anchors: { anchors, input, ...anchorFit(letterboxedSizes(dataset, input), anchors) },
  };
}
