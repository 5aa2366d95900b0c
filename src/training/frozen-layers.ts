/**
 * Which layers stay as they are.
 * @param patterns names of layers, or their beginnings followed by `*`
 * @returns nothing where there are no patterns
 */
export function frozenLayers(patterns: readonly string[]): ((layer: string) => boolean) | undefined {
  if (patterns.length === 0) return undefined;
  return (layer) =>
    patterns.some((pattern) =>
      pattern.endsWith('*') ? layer.startsWith(pattern.slice(0, -1)) : layer === pattern,
    );
}
