import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Network } from '../../network/layers.ts';

const isMatch = (pattern: string, layer: string) =>
  pattern.endsWith('*') ? layer.startsWith(pattern.slice(0, -1)) : layer === pattern;

/**
 * Returns a test for frozen layers.
 * @param patterns names of layers, or prefixes followed by `*`
 * @returns `undefined` if there are no patterns
 */
export function frozenLayers(patterns: readonly string[]): ((layer: string) => boolean) | undefined {
  if (patterns.length === 0) return undefined;
  return (layer) => patterns.some((pattern) => isMatch(pattern, layer));
}

/** @throws MicroYoloError `invalid-argument` if a pattern matches no layer */
export function checkFrozen(patterns: readonly string[], { name, layers }: Network): void {
  for (const pattern of patterns) {
    if (layers.some((layer) => isMatch(pattern, layer.name))) continue;
    const first = layers.slice(0, 3).map((layer) => layer.name);
    throw new MicroYoloError(
      'invalid-argument',
      `freeze ${JSON.stringify(pattern)}: matches no layer of ${name}, which has ${first.join(', ')} …; "micro-yolo info" lists them`,
      { field: 'freeze', received: pattern },
    );
  }
}
