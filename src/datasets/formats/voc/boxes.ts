export const VOC_BOXES = ['one-based', 'zero-based'] as const;

/**
 * How a VOC file counts pixels. `one-based`: from 1, and the right and bottom pixels belong to the box, as in the
 * VOC challenges. `zero-based`: edges, counted from 0, as several labeling programs write them.
 */
export type VocBoxes = (typeof VOC_BOXES)[number];

type Four = readonly [number, number, number, number];

/** Left, top, width, height from xmin, ymin, xmax, ymax. A box over pixel 1 alone is `[0, 0, 1, 1]`. */
export function fromVoc([xmin, ymin, xmax, ymax]: Four, boxes: VocBoxes): Four {
  const first = boxes === 'one-based' ? 1 : 0;
  return [xmin - first, ymin - first, xmax - xmin + first, ymax - ymin + first];
}

/** The inverse of `fromVoc`. */
export function toVoc([left, top, width, height]: Four, boxes: VocBoxes): Four {
  const first = boxes === 'one-based' ? 1 : 0;
  return [left + first, top + first, left + width, top + height];
}
