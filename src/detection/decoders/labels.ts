import * as z from 'zod';
import { COCO_CLASSES } from './coco-classes.ts';

/** Ids from 1 to 90 that COCO does not use. */
const COCO_GAPS = new Set([12, 26, 29, 30, 45, 66, 68, 69, 71, 83]);

const COCO_PLACES: ReadonlyMap<number, number> = new Map(
  Array.from({ length: 90 }, (_, index) => index + 1)
    .filter((id) => !COCO_GAPS.has(id))
    .map((id, place) => [id, place]),
);

/** How a graph numbers its classes. */
export const labelRule = z.enum(['from-0', 'from-1', 'coco-ids']);

export type LabelRule = z.infer<typeof labelRule>;

/** Returns the index of a label's class, or −1 if the label is not a class. */
export function classOf(label: number, rule: LabelRule): number {
  switch (rule) {
    case 'from-0':
      return label;
    case 'from-1':
      return label - 1;
    case 'coco-ids':
      return COCO_PLACES.get(label) ?? -1;
  }
}

/**
 * Returns the rule for labels that are COCO ids unless the user gives other names.
 * @param names number of class names
 */
export function labelsBy(names: number | undefined, otherwise: LabelRule) {
  return names === undefined || names === COCO_CLASSES.length ? 'coco-ids' : otherwise;
}
