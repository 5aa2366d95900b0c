/**
 * Removes TensorFlow's `:0` from output names, unless two names would become equal.
 * @returns the short name of each name
 */
export function shortNames(names: readonly string[]): ReadonlyMap<string, string> {
  const short = names.map((name) => name.replace(/:\d+$/, ''));
  const isUnique = new Set(short).size === names.length;
  return new Map(names.map((name, place) => [name, isUnique ? short[place]! : name]));
}
