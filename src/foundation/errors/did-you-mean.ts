import { closest, distance } from 'fastest-levenshtein';

/**
 * Returns `; did you mean NAME?` if one of the names is similar, otherwise `undefined`.
 * @param show formats the name
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
