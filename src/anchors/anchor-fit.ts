import type { Size } from '../boxes/formats.ts';
import { sizeIou } from '../boxes/iou.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { usableBox } from '../datasets/usable-boxes.ts';
import { placeImage } from '../image/letterbox.ts';

/** Width and height of a box in pixels of a network's input. */
export type BoxSize = readonly [width: number, height: number];

/** Overlap at which an anchor counts as fitting a box. */
const FITTING_IOU = 0.5;

/** Sizes of the trainable boxes, in pixels of the input after letterboxing. */
export function letterboxedSizes(dataset: Dataset, input: Size): readonly BoxSize[] {
  const { images, annotations } = dataset;
  const scales = images.map((image) => {
    const { width, height } = placeImage(image, input, 'letterbox');
    return [width / image.width, height / image.height] as const;
  });
  const sizes: BoxSize[] = [];
  for (let row = 0; row < annotations.count; row++) {
    if (typeof usableBox(dataset, row) === 'string') continue;
    const scale = scales[annotations.images[row]!]!;
    sizes.push([annotations.boxes[4 * row + 2]! * scale[0], annotations.boxes[4 * row + 3]! * scale[1]]);
  }
  return sizes;
}

/** How well anchors fit boxes. */
export interface AnchorFit {
  /** Share of the boxes that overlap some anchor by at least 0.5. Other boxes are hard to learn. */
  readonly recall: number;
  /** Mean overlap of the boxes with their best anchors. */
  readonly meanIou: number;
  /** For each anchor: share of the boxes that it fits best. */
  readonly shares: readonly number[];
}

/** Computes how well anchors fit boxes. All zeros if there are no boxes. */
export function anchorFit(sizes: readonly BoxSize[], anchors: readonly BoxSize[]): AnchorFit {
  const wins = anchors.map(() => 0);
  let [fitting, sum] = [0, 0];
  for (const size of sizes) {
    let [best, winner] = [-1, 0];
    for (const [index, anchor] of anchors.entries()) {
      const overlap = sizeIou(size, anchor);
      if (overlap > best) [best, winner] = [overlap, index];
    }
    wins[winner] = wins[winner]! + 1;
    sum += best;
    if (best >= FITTING_IOU) fitting++;
  }
  const share = (count: number) => count / Math.max(1, sizes.length);
  return { recall: share(fitting), meanIou: share(sum), shares: wins.map(share) };
}
