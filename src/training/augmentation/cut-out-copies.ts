import type { XyxyPx } from '../../boxes/formats.ts';
import { boxArea } from '../../boxes/iou.ts';
import { between } from './between.ts';
import { type LabeledImage, type LabeledObject, withBoxes } from './labeled-image.ts';
import { compose, type Matrix, mapBox, scaling, translation } from './matrix.ts';
import type { AugmentationOptions } from './options.ts';
import { MINIMUM_SIDE, sharedBox, visibleObjects } from './visible-objects.ts';
import { warp } from './warp.ts';

/** Maximum number of positions to try for each copy. */
const TRIES = 10;
/** Range of the scale of copies, relative to their letterboxed image. */
const SCALES = [0.75, 1.25] as const;

/** Boxes, and how much of the area of each is already covered. */
class Covered {
  readonly #areas: { readonly box: XyxyPx; covered: number }[];

  constructor(objects: readonly LabeledObject[]) {
    this.#areas = objects.map(({ box }) => ({ box, covered: 0 }));
  }

  /** Adds a covering box, unless it would cover more than the share `most` of a box. */
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

/** Draws a position, scale and flip for a copy, entirely inside the canvas. `undefined` if the copy does not fit. */
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
 * Copies objects from another image, or from the same, to free positions. The pixels of their boxes are copied,
 * slightly scaled, and flipped with a probability of 0.5. Other objects inside a box are copied too, with their labels.
 * Ignored objects are copied only in this way, and may be covered.
 * @param count number of objects to copy; those without a free position are skipped
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
