import { closest, distance } from 'fastest-levenshtein';

/**
 * `; did you mean NAME?` for a near miss among the names, else `undefined`.
 * @param show how to write the name
 */
export function didYouMean(
  name: string,
  names: readonly string[],
  show = (nearest: string) => nearest,
): string | undefined {
  if (names.length === 0) return undefined;
  const nearest = closest(name, names as string[]);
  return distance(name, nearest) <= Math.max(2, name.length / 3)
    ? `; did you mean ${show(nearest)}?`
    : undefined;
}
