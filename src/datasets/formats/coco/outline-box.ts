type Box = readonly [left: number, top: number, width: number, height: number];

/** Polygon coordinates, alternating x and y, from a list or a list of lists. Points and lines are ignored. */
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

/**
 * Decodes COCO's compressed run lengths: five bits per character, starting at `0`. From the fourth run on, each value
 * is the difference to the run before the previous one.
 */
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

/** Box around a mask of column-major run lengths that alternate between background and object. */
function runsBox(runs: readonly number[], height: number, width: number): Box | undefined {
  let [left, top, right, bottom] = [width, height, 0, 0];
  let at = 0;
  for (const [index, run] of runs.entries()) {
    const end = at + run;
    if (index % 2 === 1 && run > 0) {
      const [first, last] = [Math.floor(at / height), Math.floor((end - 1) / height)];
      left = Math.min(left, first);
      right = Math.max(right, last + 1);
      // A run that continues in the next column touches both the bottom and the top.
      top = Math.min(top, first === last ? at % height : 0);
      bottom = Math.max(bottom, first === last ? ((end - 1) % height) + 1 : height);
    }
    at = end;
  }
  return at === width * height && right > left ? [left, top, right - left, bottom - top] : undefined;
}

/**
 * Bounding box of a COCO segmentation: polygons, or run lengths, compressed or not.
 * @returns left, top, width, height in pixels; `undefined` if the segmentation is empty or has another form
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
