import type { ElementRanges } from './element-ranges.ts';
import { parseLenientJson } from './lenient-json.ts';

/** Value of an element, or the parse error. */
export type ParsedElement =
  | {
      readonly index: number;
      readonly value: unknown;
      /** False if the element contains NaN or Infinity. */
      readonly isJson: boolean;
    }
  | { readonly index: number; readonly error: string };

/** Slices are large enough to amortize the calls, and small enough to need little memory. */
const SLICE_ELEMENTS = 1000;
const SLICE_BYTES = 4_000_000;

function parseOne(text: string, index: number): ParsedElement {
  try {
    return { index, ...parseLenientJson(text) };
  } catch (error) {
    return { index, error: `not JSON (${(error as Error).message})` };
  }
}

function parseSlice(text: string): readonly unknown[] | undefined {
  try {
    return JSON.parse(`[${text}]`);
  } catch {
    return undefined;
  }
}

/** Parses an array slice by slice, so that few elements are in memory at a time. Numbers may be NaN or infinite. */
export function* parseElements(bytes: Buffer, ranges: ElementRanges): Generator<ParsedElement> {
  let first = 0;
  while (first < ranges.length) {
    let last = first + 1;
    const begin = ranges.start(first);
    while (last < ranges.length && last - first < SLICE_ELEMENTS && ranges.end(last) - begin <= SLICE_BYTES) {
      last++;
    }
    const values = parseSlice(bytes.toString('utf8', begin, ranges.end(last - 1)));
    // An element with unmatched brackets may merge with its neighbors, which gives fewer values.
    const whole = values?.length === last - first ? values : undefined;
    for (let index = first; index < last; index++) {
      if (whole) yield { index, value: whole[index - first], isJson: true };
      else yield parseOne(bytes.toString('utf8', ranges.start(index), ranges.end(index)), index);
    }
    first = last;
  }
}
