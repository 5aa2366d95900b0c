import type { XyxyPx } from './formats.ts';

/** Area of a box. 0 if right is less than left, or bottom is less than top. */
export function boxArea([left, top, right, bottom]: XyxyPx): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

/** Intersection over union, 0 to 1. It is 0 for boxes without area, and never NaN. */
export function iou(a: XyxyPx, b: XyxyPx): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (!(width > 0 && height > 0)) return 0;
  const intersection = width * height;
  return intersection / (boxArea(a) + boxArea(b) - intersection);
}

/** Intersection over union of two boxes with the same center, from their widths and heights. */
export function sizeIou(a: readonly [number, number], b: readonly [number, number]): number {
  const intersection = Math.min(a[0], b[0]) * Math.min(a[1], b[1]);
  return intersection / (a[0] * a[1] + b[0] * b[1] - intersection);
}

/**
 * Distance-IoU, −1 to 1: IoU minus the squared distance of the centers divided by the squared diagonal of the enclosing
 * box (https://arxiv.org/abs/1911.08287).
 */
export function distanceIou(a: XyxyPx, b: XyxyPx): number {
  const [dx, dy] = [(a[0] + a[2] - b[0] - b[2]) / 2, (a[1] + a[3] - b[1] - b[3]) / 2];
  const width = Math.max(a[2], b[2]) - Math.min(a[0], b[0]);
  const height = Math.max(a[3], b[3]) - Math.min(a[1], b[1]);
  const diagonal = width ** 2 + height ** 2;
  return iou(a, b) - (diagonal > 0 ? (dx ** 2 + dy ** 2) / diagonal : 0);
}
