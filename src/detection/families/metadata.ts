import { parsePythonDict } from '../python-literal.ts';
import type { GraphFacts } from './family.ts';

/** The class names in a file's metadata: a Python dict, or JSON, of numbers to names. */
export function metadataNames({ metadata }: GraphFacts): readonly string[] | undefined {
  const text = metadata['names'];
  return text === undefined ? undefined : parsePythonDict(text);
}

/** The side of the input in a file's metadata, such as `[640, 640]`; undefined if it has none, or no square. */
export function metadataSize({ metadata }: GraphFacts): number | undefined {
  const sides = metadata['imgsz']?.match(/\d+/g)?.map(Number) ?? [];
  return sides.length > 0 && new Set(sides).size === 1 ? sides[0] : undefined;
}
