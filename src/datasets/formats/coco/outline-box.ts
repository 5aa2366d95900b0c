type Box = readonly [left: number, top: number, width: number, height: number];

/** Coordinates of polygons, x and y in turn: one list, or a list of lists. Points and lines among them do not count. */
function polygonNumbers(outline: readonly unknown[]): readonly number[] | undefined {
  const parts = (Array.isArray(outline[0]) ? outline : [outline]) as readonly unknown[];
  const isEven = (part: unknown): part is readonly number[] =>
    Array.isArray(part) && part.length % 2 === 0 && part.every(Number.isFinite);
  const polygons = parts.filter(isEven).filter((part) => part.length >= 6);
  return parts.every(isEven) && polygons.length > 0 ? polygons.flat() : undefined;
}

function polygonBox(numbers: readonly number[]): Box {
  const ends = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -Infinity, -Infinity];
  for (const [at, value] of numbers.entries()) {
    const axis = at % 2;
    ends[axis] = Math.min(ends[axis]!, value);
    ends[axis + 2] = Math.max(ends[axis + 2]!, value);
  }
  const [left, top, right, bottom] = ends as [number, number, number, number];
  return [left, top, right - left, bottom - top];
}

/** Undoes COCO's packing of run lengths: five bits a character from `0`, and from the third on differences to the last but one. */
function unpackRuns(text: string): readonly number[] | undefined {
  const runs: number[] = [];
  for (let at = 0; at < text.length; ) {
    let [value, bits, more] = [0, 0, true];
    while (more) {
      const code = text.charCodeAt(at++) - 48;
      if (!(code >= 0 && code < 64) || bits > 30) return undefined;
      value += (code & 31) * 2 ** bits;
      bits += 5;
      more = (code & 32) !== 0;
      if (!more && code & 16) value -= 2 ** bits;
    }
    runs.push(runs.length > 2 ? value + runs[runs.length - 2]! : value);
  }
  return runs;
}

/** Run lengths of background and object in turn, down the columns from the left. */
function runsBox(runs: readonly number[], height: number, width: number): Box | undefined {
  let [left, top, right, bottom] = [width, height, 0, 0];
  let at = 0;
  for (const [index, run] of runs.entries()) {
    const end = at + run;
    if (index % 2 === 1 && run > 0) {
      const [first, last] = [Math.floor(at / height), Math.floor((end - 1) / height)];
      left = Math.min(left, first);
      right = Math.max(right, last + 1);
      // A run over the end of a column reaches from bottom to top.
      top = Math.min(top, first === last ? at % height : 0);
      bottom = Math.max(bottom, first === last ? ((end - 1) % height) + 1 : height);
    }
    at = end;
  }
  return at === width * height && right > left ? [left, top, right - left, bottom - top] : undefined;
}

/**
 * The box around a COCO segmentation: polygons, or run lengths, packed or not.
 * @returns left, top, width and height in pixels; nothing if the segmentation is none of these, or empty
 */
export function outlineBox(segmentation: unknown): Box | undefined {
  if (Array.isArray(segmentation)) {
    const numbers = polygonNumbers(segmentation);
    return numbers && polygonBox(numbers);
  }
  const { counts, size } = (segmentation ?? {}) as { readonly counts?: unknown; readonly size?: unknown };
  const isWhole = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!Array.isArray(size) || size.length !== 2 || !size.every(isWhole)) return undefined;
  const runs = typeof counts === 'string' ? unpackRuns(counts) : counts;
  if (!Array.isArray(runs) || !runs.every(isWhole)) return undefined;
  const [height, width] = size as [number, number];
  return runsBox(runs as readonly number[], height, width);
}
