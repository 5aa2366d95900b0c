import type { Size } from '../../boxes/formats.ts';
import { parsePythonDict } from '../decoders/python-literal.ts';
import type { GraphFacts } from './family.ts';

/** The class names in a file's metadata: a Python dict, or JSON, of numbers to names. */
export function metadataNames({ metadata }: GraphFacts): readonly string[] | undefined {
  const text = metadata['names'];
  return text === undefined ? undefined : parsePythonDict(text);
}

/** The input's size in a file's metadata: a side, or `[height, width]`; undefined if it has none. */
export function metadataSize({ metadata }: GraphFacts): Size | undefined {
  const sides = metadata['imgsz']?.match(/\d+/g)?.map(Number) ?? [];
  const [height, width = height] = sides;
  return height === undefined || width === undefined || sides.length > 2 ? undefined : { width, height };
}
