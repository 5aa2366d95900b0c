import type { ElementRanges } from './element-ranges.ts';
import { parseLenientJson } from './lenient-json.ts';

/** An element's value, or why it has none. */
export type ParsedElement =
  | {
      readonly index: number;
      readonly value: unknown;
      /** False if it holds NaN or Infinity. */
      readonly isJson: boolean;
    }
  | { readonly index: number; readonly error: string };

/** Large enough to make the calls cheap, small enough that nobody notices the memory. */
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

/** Parses the elements of an array slice by slice, so that few are in memory at a time. Numbers may be NaN or infinite. */
export function* parseElements(bytes: Buffer, ranges: ElementRanges): Generator<ParsedElement> {
  let first = 0;
  while (first < ranges.length) {
    let last = first + 1;
    const begin = ranges.start(first);
    while (last < ranges.length && last - first < SLICE_ELEMENTS && ranges.end(last) - begin <= SLICE_BYTES) {
      last++;
    }
    const values = parseSlice(bytes.toString('utf8', begin, ranges.end(last - 1)));
    // An element with brackets that do not match may parse together with its neighbors, as fewer.
    const whole = values?.length === last - first ? values : undefined;
    for (let index = first; index < last; index++) {
      if (whole) yield { index, value: whole[index - first], isJson: true };
      else yield parseOne(bytes.toString('utf8', ranges.start(index), ranges.end(index)), index);
    }
    first = last;
  }
}
