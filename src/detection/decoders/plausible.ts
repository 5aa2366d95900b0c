/** Whether all values are scores: from 0 to 1, and not all equal. */
export function areScores(values: Iterable<number>): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!(value >= 0 && value <= 1)) return false;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most > least;
}

/** Whether the third and fourth numbers are above the first and second ones, as in boxes given by corners. */
export function areCorners(boxes: Iterable<readonly [number, number, number, number]>): boolean {
  for (const [left, top, right, bottom] of boxes) if (!(right >= left && bottom >= top)) return false;
  return true;
}

/** Whether boxes are in pixels: a considerable share of their numbers is above 2. */
export function arePixels(boxes: Iterable<readonly [number, number, number, number]>): boolean {
  let [count, large] = [0, 0];
  for (const box of boxes) {
    for (const value of box) {
      if (!Number.isFinite(value)) return false;
      count++;
      if (Math.abs(value) > 2) large++;
    }
  }
  return large > count / 4;
}
