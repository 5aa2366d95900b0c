import type { AddBox, DecoderView, OutputTensor } from '../../decoders/decoder.ts';

/**
 * Decodes [1, 4 + classes, predictions]: four rows of boxes, then one row of scores per class.
 * @param corners whether boxes are left, top, right, bottom, and not center and sides
 */
export function decodeChannelRows(
  { data, shape }: OutputTensor,
  corners: boolean,
  { scoreThreshold, multiLabel }: DecoderView,
  add: AddBox,
): void {
  const [, channels, count] = shape as readonly [number, number, number];
  const put = (index: number, score: number, classId: number) => {
    const [a, b] = [data[index]!, data[count + index]!];
    const [c, d] = [data[2 * count + index]!, data[3 * count + index]!];
    if (corners) add(a, b, c, d, score, classId);
    else add(a - c / 2, b - d / 2, a + c / 2, b + d / 2, score, classId);
  };
  // Iterates over classes in the outer loop, to read memory in order.
  if (multiLabel) {
    for (let k = 0, at = 4 * count; k < channels - 4; k++) {
      for (let index = 0; index < count; index++, at++) {
        if (data[at]! > scoreThreshold) put(index, data[at]!, k);
      }
    }
    return;
  }
  const best = new Float32Array(count).fill(scoreThreshold);
  const bestClass = new Int32Array(count).fill(-1);
  for (let k = 0, at = 4 * count; k < channels - 4; k++) {
    for (let index = 0; index < count; index++, at++) {
      const score = data[at]!;
      // Compares with the constant first. Few scores pass it, so `best` is rarely read.
      if (!(score > scoreThreshold && score > best[index]!)) continue;
      best[index] = score;
      bestClass[index] = k;
    }
  }
  for (let index = 0; index < count; index++) {
    if (bestClass[index]! >= 0) put(index, best[index]!, bestClass[index]!);
  }
}

/** Yields the boxes of [1, 4 + classes, predictions] as four unconverted numbers each. */
export function* channelBoxes({
  data,
  shape,
}: OutputTensor): Generator<readonly [number, number, number, number]> {
  const count = shape[2]!;
  for (let i = 0; i < count; i++)
    yield [data[i]!, data[count + i]!, data[2 * count + i]!, data[3 * count + i]!];
}

/** Returns the scores of [1, 4 + classes, predictions]. */
export function channelScores({ data, shape }: OutputTensor): Float32Array {
  return data.subarray(4 * shape[2]!);
}
