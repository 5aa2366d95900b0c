import type { XyxyPx } from './formats.ts';

/** Area of a box; 0 where right is left of left, or bottom above top. */
export function boxArea([left, top, right, bottom]: XyxyPx): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

/**
 * Intersection over union, 0 to 1. Boxes without area overlap nothing: 0, never NaN.
 */
export function iou(a: XyxyPx, b: XyxyPx): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (!(width > 0 && height > 0)) return 0;
  const intersection = width * height;
  return intersection / (boxArea(a) + boxArea(b) - intersection);
}

/** Intersection over union of two boxes laid with their centers on each other, by their widths and heights. */
export function sizeIou(a: readonly [number, number], b: readonly [number, number]): number {
  const intersection = Math.min(a[0], b[0]) * Math.min(a[1], b[1]);
  return intersection / (a[0] * a[1] + b[0] * b[1] - intersection);
}
