import { type Size, type XywhPx, type XyxyPx, xywhToXyxy } from '../boxes/formats.ts';
import { iou } from '../boxes/iou.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { DetectionList } from './detection-list.ts';

/** Number of top-scoring detections to examine. */
const SAMPLE = 2000;
const HALF = 0.5;
/** Another format is reported if it fits this share of the boxes, and this many times more than the expected one. */
const LEAST_SHARE = 0.1;
const LEAST_RATIO = 3;
/** Thresholds for mixed-up classes. Weak models confuse classes too, but less often. */
const MIXED_SHARE = 0.3;
const MIXED_RATIO = 10;

type Box = readonly [number, number, number, number];

/** Box formats other than left, top, width, height. */
const FORMS: readonly (readonly [name: string, read: (box: Box) => Box])[] = [
  ['left, top, right, bottom', ([a, b, c, d]) => [a, b, c - a, d - b]],
  ['center x, center y, width, height', ([a, b, c, d]) => [a - c / 2, b - d / 2, c, d]],
  ['top, left, bottom, right', ([a, b, c, d]) => [b, a, d - b, c - a]],
  ['top, left, height, width', ([a, b, c, d]) => [b, a, d, c]],
  ['right, bottom, minus width, minus height', ([a, b, c, d]) => [a + c, b + d, -c, -d]],
];
const AS_IT_IS = ([a, b, c, d]: Box): Box => [a, b, c, d];

interface Reading {
  readonly name: string;
  readonly read: (box: Box, image: Size) => Box;
}

const BOX_READINGS: readonly Reading[] = [
  ...FORMS.map(([name, read]) => ({ name, read })),
  ...[['left, top, width, height', AS_IT_IS] as const, ...FORMS].map(([name, read]) => ({
    name: `${name} as fractions of the image's sides`,
    read: (box: Box, { width, height }: Size): Box => {
      const [left, top, wide, high] = read(box);
      return [left * width, top * height, wide * width, high * height];
    },
  })),
];

interface Truth {
  readonly category: number;
  readonly box: XyxyPx;
}

function truthsByImage({ images, categories, annotations }: Dataset): ReadonlyMap<number, readonly Truth[]> {
  const found = new Map<number, Truth[]>();
  for (let row = 0; row < annotations.count; row++) {
    const { id } = images[annotations.images[row]!]!;
    const [left, top, width, height] = annotations.boxes.subarray(4 * row, 4 * row + 4);
    const category = categories[annotations.categories[row]!]!.id;
    const truth = { category, box: xywhToXyxy([left!, top!, width!, height!] as XywhPx) };
    const others = found.get(id);
    if (others) others.push(truth);
    else found.set(id, [truth]);
  }
  return found;
}

/** Overlaps of the best detections with true boxes, under different interpretations of the detections. */
export class Overlaps {
  readonly #detections: DetectionList;
  readonly #truths: ReadonlyMap<number, readonly Truth[]>;
  readonly #sizes: ReadonlyMap<number, Size>;
  readonly #rows: readonly number[];

  constructor(dataset: Dataset, detections: DetectionList) {
    const { scores, count } = detections;
    this.#detections = detections;
    this.#truths = truthsByImage(dataset);
    this.#sizes = new Map(dataset.images.map((image) => [image.id, image]));
    const byScore = Uint32Array.from({ length: count }, (_, row) => row);
    byScore.sort((a, b) => scores[b]! - scores[a]!);
    this.#rows = Array.from(byScore.subarray(0, SAMPLE));
  }

  get sampled(): number {
    return this.#rows.length;
  }

  /**
   * Largest IoU of each sampled detection with a true box of its image.
   * @param fits whether two class ids may denote the same class
   */
  best(read: Reading['read'], fits: (found: number, truth: number) => boolean): readonly number[] {
    const { boxes, imageIds, categoryIds } = this.#detections;
    return this.#rows.map((row) => {
      const image = imageIds[row]!;
      const [a, b, c, d] = boxes.subarray(4 * row, 4 * row + 4);
      const [left, top, width, height] = read([a!, b!, c!, d!], this.#sizes.get(image)!);
      if (!(width > 0) || !(height > 0)) return 0;
      const box = xywhToXyxy([left, top, width, height] as XywhPx);
      const rivals = (this.#truths.get(image) ?? []).filter(({ category }) =>
        fits(categoryIds[row]!, category),
      );
      return Math.max(0, ...rivals.map((truth) => iou(box, truth.box)));
    });
  }

  /** Number of sampled detections with an IoU of at least 0.5 with a true box of their image. */
  found(read: Reading['read'], fits: (found: number, truth: number) => boolean): number {
    return this.best(read, fits).filter((overlap) => overlap >= HALF).length;
  }
}

const anyClass = () => true;
const equal = (found: number, truth: number) => found === truth;

/** Notes on other formats that the boxes and class ids seem to have. `undefined` means that nothing suggests one. */
export interface OtherReading {
  /** Note on the box format. */
  readonly boxes: string | undefined;
  /** Note on the class ids. */
  readonly classes: string | undefined;
}

/**
 * Looks for another interpretation under which far more detections match true boxes.
 * @param ownBoxes whether the boxes come from a detector of this library, so that their format is right
 */
export function otherReading(overlaps: Overlaps, { categories }: Dataset, ownBoxes: boolean): OtherReading {
  const { sampled } = overlaps;
  const isBetter = (hits: number, than: number) =>
    hits >= LEAST_SHARE * sampled && hits >= LEAST_RATIO * than && hits > 0;
  const asRead = overlaps.found(AS_IT_IS, anyClass);
  const readings = (ownBoxes ? [] : BOX_READINGS).map((reading) => ({
    ...reading,
    hits: overlaps.found(reading.read, anyClass),
  }));
  const [best] = readings.sort((a, b) => b.hits - a.hits);
  const isOther = best !== undefined && isBetter(best.hits, asRead);
  const boxes = isOther
    ? `the boxes look like ${best.name}: read that way, ${best.hits} of the best ${sampled} match a true box, otherwise ${asRead}; write left, top, width, height in pixels`
    : undefined;

  const read = isOther ? best.read : AS_IT_IS;
  const inClass = overlaps.found(read, equal);
  const ids = categories.map(({ id }) => id).sort((a, b) => a - b);
  const classReadings = [
    { look: 'one too low', fits: (found: number, truth: number) => found + 1 === truth },
    { look: 'one too high', fits: (found: number, truth: number) => found - 1 === truth },
    { look: 'like indices from 0', fits: (found: number, truth: number) => ids[found] === truth },
    { look: 'like indices from 1', fits: (found: number, truth: number) => ids[found - 1] === truth },
  ].map(({ look, fits }) => ({ look, hits: overlaps.found(read, fits) }));
  const likely = classReadings.reduce((most, one) => (one.hits > most.hits ? one : most));
  const placed = isOther ? best.hits : asRead;
  let classes: string | undefined;
  if (!ownBoxes && isBetter(likely.hits, inClass))
    classes = `the class ids look ${likely.look}: read that way, ${likely.hits} of the best ${sampled} match a true box of their class, otherwise ${inClass}; write the data's ids`;
  else if (placed >= MIXED_SHARE * sampled && placed > MIXED_RATIO * inClass)
    classes = `of the best ${sampled}, ${placed} match a true box, but only ${inClass} one of their class: the classes seem mixed up; compare their ids or names with the data's`;
  return { boxes, classes };
}
