import type { XyxyPx } from '../../boxes/formats.ts';
import { boxArea } from '../../boxes/iou.ts';
import { between } from './between.ts';
import { type LabeledImage, type LabeledObject, withBoxes } from './labeled-image.ts';
import { compose, type Matrix, mapBox, scaling, translation } from './matrix.ts';
import type { AugmentationOptions } from './options.ts';
import { MINIMUM_SIDE, sharedBox, visibleObjects } from './visible-objects.ts';
import { warp } from './warp.ts';

/** Places tried for each copy. */
const TRIES = 10;
/** Sizes of copies, times that of the image they come from once letterboxed. */
const SCALES = [0.75, 1.25] as const;

/** Boxes and how much of the area of each is covered so far. */
class Covered {
  readonly #areas: { readonly box: XyxyPx; covered: number }[];

  constructor(objects: readonly LabeledObject[]) {
    this.#areas = objects.map(({ box }) => ({ box, covered: 0 }));
  }

  /** Covers what a box covers unless that is more of one of them than allowed. */
  add(cover: XyxyPx, most: number): boolean {
    const shared = this.#areas.map(({ box }) => boxArea(sharedBox(box, cover)));
    if (this.#areas.some((area, i) => area.covered + shared[i]! > most * boxArea(area.box))) return false;
    this.#areas.forEach((area, i) => {
      area.covered += shared[i]!;
    });
    this.#areas.push({ box: cover, covered: 0 });
    return true;
  }
}

/** Draws where a box of a source goes, in whole sight. */
function drawPlace(
  box: XyxyPx,
  scale: number,
  canvas: { readonly width: number; readonly height: number },
  random: () => number,
): Matrix | undefined {
  const size = scale * between(...SCALES, random);
  const mirror = random() < 0.5 ? -1 : 1;
  const [x, y] = [random(), random()];
  const [width, height] = [size * (box[2] - box[0]), size * (box[3] - box[1])];
  const fits = width <= canvas.width && height <= canvas.height && Math.min(width, height) >= MINIMUM_SIDE;
  if (!fits) return undefined;
  const left = x * (canvas.width - width);
  const top = y * (canvas.height - height);
  return compose(
    translation(left + (mirror < 0 ? width : 0), top),
    scaling(mirror * size, size),
    translation(-box[0], -box[1]),
  );
}

/**
 * Copies objects of another image, or of the same, into free places: their boxes' pixels, a little larger or
 * smaller, mirrored half the time. What else lies in a box comes along, labeled. What is ignored is not copied for its
 * own sake, and may be covered.
 * @param count objects to copy; one for which no place is found is left out
 */
export function copyCutOuts(
  onto: LabeledImage,
  from: LabeledImage,
  count: number,
  options: Pick<AugmentationOptions, 'copyCover' | 'minimumVisibility'>,
  random: () => number,
): LabeledImage {
  const { width, height } = onto.image;
  const image = { data: Uint8Array.from(onto.image.data), width, height };
  const objects = [...onto.objects];
  const isObject = ({ isIgnored }: LabeledObject) => !isIgnored;
  const covered = new Covered(onto.objects.filter(isObject));
  const whole: XyxyPx = [0, 0, from.image.width, from.image.height];
  const sources = visibleObjects(from.objects, whole, options.minimumVisibility);
  const copied = sources.filter(isObject);
  const scale = Math.min(width / from.image.width, height / from.image.height);
  for (let copy = 0; copy < count && copied.length > 0; copy++) {
    const { box } = copied[Math.floor(random() * copied.length)]!;
    for (let tried = 0; tried < TRIES; tried++) {
      const matrix = drawPlace(box, scale, image, random);
      if (matrix === undefined || !covered.add(mapBox(matrix, box), options.copyCover)) continue;
      warp(from.image, matrix, image, box);
      const inside = visibleObjects(sources, box, Math.max(0.5, options.minimumVisibility));
      const placed = withBoxes(inside, (one) => mapBox(matrix, one));
      objects.push(...visibleObjects(placed, [0, 0, width, height], 0));
      break;
    }
  }
  return { image, objects };
}
