import { haveOneAspect, sizeOfBoxes } from '../../boxes/aspect.ts';
import { clipToImage, type Size, type XywhPx, xywhToXyxy, xyxyToXywh } from '../../boxes/formats.ts';
import type { AnnotationTable, Dataset, DatasetImage } from '../dataset.ts';
import { selectRows } from '../select.ts';
import { annotationKey, CLICK_AREA } from './annotations.ts';
import type { ImageFacts } from './images.ts';

export interface FixedRecords {
  readonly dataset: Dataset;
  /** Each kind of change with its count, for people. */
  readonly changes: readonly string[];
}

/** The fixed images. `places` maps each old index to its new one, or to −1 if the image is removed. */
interface MendedImages {
  readonly images: readonly DatasetImage[];
  readonly places: Int32Array;
  readonly unreadable: number;
  readonly repeated: number;
  readonly resized: number;
  /** Images whose boxes match neither the stated nor the true size. */
  readonly unfit: number;
}

/** Indices of images with a box beyond their true size. Such boxes were drawn on a larger or a rotated image. */
function unfitImages({ images, annotations }: Dataset, facts: readonly ImageFacts[]): ReadonlySet<number> {
  const unfit = new Set<number>();
  for (let row = 0; row < annotations.count; row++) {
    const place = annotations.images[row]!;
    const [fact, image] = [facts[place]!, images[place]!];
    if (fact.status !== 'decoded' || haveOneAspect(fact, image)) continue;
    const box = xywhToXyxy([...annotations.boxes.subarray(4 * row, 4 * row + 4)] as unknown as XywhPx);
    const inside = clipToImage(box, fact);
    if (box.some((edge, side) => Math.abs(edge - inside[side]!) > 1)) unfit.add(place);
  }
  return unfit;
}

function isSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

function mendImages(dataset: Dataset, facts: readonly ImageFacts[]): MendedImages {
  const images: DatasetImage[] = [];
  const places = new Int32Array(dataset.images.length).fill(-1);
  const files = new Map<string, number>();
  const unfit = unfitImages(dataset, facts);
  let [unreadable, repeated, resized] = [0, 0, 0];
  for (const [index, image] of dataset.images.entries()) {
    const fact = facts[index]!;
    const namesake = files.get(image.fileName);
    const size = fact.status === 'decoded' ? sizeOfBoxes(fact, image) : undefined;
    if (fact.status !== 'decoded' || !size) unreadable++;
    else if (unfit.has(index)) continue;
    else if (namesake !== undefined && isSize(images[namesake]!, size)) {
      // Its annotations move to the first image with that name.
      places[index] = namesake;
      repeated++;
    } else {
      if (!haveOneAspect(fact, image)) resized++;
      places[index] = images.length;
      // Records of one file with different sizes stay separate: merging them would displace the boxes of one.
      if (namesake === undefined) files.set(image.fileName, images.length);
      images.push({ ...image, ...size });
    }
  }
  return { images, places, unreadable, repeated, resized, unfit: unfit.size };
}

/** Clips boxes to their images, and limits areas to those of the clipped boxes. */
function clipBoxes(table: AnnotationTable, images: readonly DatasetImage[]): [AnnotationTable, number] {
  const boxes = table.boxes.slice();
  const areas = table.areas.slice();
  let clipped = 0;
  for (let row = 0; row < table.count; row++) {
    const [left = 0, top = 0, width = 0, height = 0] = table.boxes.subarray(4 * row, 4 * row + 4);
    const inside = clipToImage(xywhToXyxy([left, top, width, height]), images[table.images[row]!]!);
    const box = xyxyToXywh(inside);
    // Ignore rounding.
    if (Math.max(...box.map((value, side) => Math.abs(value - boxes[4 * row + side]!))) < 1e-6) continue;
    boxes.set(box, 4 * row);
    areas[row] = Math.min(areas[row]!, box[2] * box[3]);
    // Boxes entirely outside are removed later.
    if (box[2] * box[3] > 0) clipped++;
  }
  return [{ ...table, boxes, areas }, clipped];
}

/**
 * Fixes everything that needs no decision:
 * - corrects image sizes with another aspect ratio, if the boxes fit the true size
 * - clips boxes to their images
 * - renumbers annotations if one has id 0
 * - merges images that are listed twice
 * - removes unreadable images, images whose boxes fit another size, boxes of a pixel or less, and repeated boxes.
 *
 * The reader has already skipped records that it cannot represent.
 */
export function fixRecords(dataset: Dataset, facts: readonly ImageFacts[]): FixedRecords {
  const { images, places, unreadable, repeated, resized, unfit } = mendImages(dataset, facts);
  const all = Array.from({ length: dataset.annotations.count }, (_, row) => row);
  const placed = all.filter((row) => places[dataset.annotations.images[row]!]! >= 0);
  const [table, clipped] = clipBoxes(selectRows(dataset.annotations, placed, { images: places }), images);

  const fixed: Dataset = { ...dataset, images, annotations: table };
  const seen = new Set<string>();
  let [empty, twice] = [0, 0];
  const rows = Array.from({ length: table.count }, (_, row) => row).filter((row) => {
    const key = annotationKey(fixed, row);
    const isEmpty = !(table.boxes[4 * row + 2]! * table.boxes[4 * row + 3]! > CLICK_AREA);
    if (isEmpty) empty++;
    else if (seen.has(key)) twice++;
    const keep = !isEmpty && !seen.has(key);
    seen.add(key);
    return keep;
  });
  const zeros = rows.some((row) => table.ids[row] === 0) ? rows.length : 0;
  const changes: readonly (readonly [number, string])[] = [
    [unreadable, 'unreadable images left out'],
    [unfit, 'images whose size does not match their boxes left out'],
    [all.length - placed.length, 'their annotations left out'],
    [repeated, 'images listed twice merged'],
    [resized, 'image sizes corrected'],
    [clipped, 'boxes clipped to their images'],
    [empty, 'boxes of a pixel or less left out'],
    [twice, 'repeated boxes left out'],
    [zeros, 'annotations numbered from 1, because id 0 never counts as found'],
  ];
  const kept = selectRows(table, rows);
  // COCO's evaluation treats id 0 as "no annotation".
  const ids = zeros > 0 ? kept.ids.map((_, row) => row + 1) : kept.ids;
  return {
    dataset: { ...fixed, annotations: { ...kept, ids } },
    changes: changes.filter(([count]) => count > 0).map(([count, what]) => `${what}: ${count}`),
  };
}
