import type { Size } from '../../boxes/formats.ts';
import { parsePythonDict } from '../decoders/python-literal.ts';
import type { GraphFacts } from './family.ts';

/** Returns the class names in a file's metadata: a Python dict, or JSON, of numbers to names. */
export function metadataNames({ metadata }: GraphFacts): readonly string[] | undefined {
  const text = metadata['names'];
  return text === undefined ? undefined : parsePythonDict(text);
}

/** Returns the input size in a file's metadata: a side, or `[height, width]`. Undefined if there is none. */
export function metadataSize({ metadata }: GraphFacts): Size | undefined {
  const sides = metadata['imgsz']?.match(/\d+/g)?.map(Number) ?? [];
  const [height, width = height] = sides;
  return height === undefined || width === undefined || sides.length > 2 ? undefined : { width, height };
}
