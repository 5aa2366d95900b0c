import type { AddBox, DecoderView, OutputTensor } from '../../decoders/decoder.ts';

/**
 * Reads [1, 4 + classes, predictions]: four rows of boxes, then a row of scores a class.
 * @param corners whether boxes are left, top, right, bottom, not center and sides
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
  // Class by class, as the scores lie in memory.
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
      // The constant first: few scores pass it, and none of the others needs a look into memory.
      if (!(score > scoreThreshold && score > best[index]!)) continue;
      best[index] = score;
      bestClass[index] = k;
    }
  }
  for (let index = 0; index < count; index++) {
    if (bestClass[index]! >= 0) put(index, best[index]!, bestClass[index]!);
  }
}

/** The boxes of [1, 4 + classes, predictions], four numbers each as they stand. */
export function* channelBoxes({
  data,
  shape,
}: OutputTensor): Generator<readonly [number, number, number, number]> {
  const count = shape[2]!;
  for (let i = 0; i < count; i++)
    yield [data[i]!, data[count + i]!, data[2 * count + i]!, data[3 * count + i]!];
}

/** The scores of [1, 4 + classes, predictions]. */
export function channelScores({ data, shape }: OutputTensor): Float32Array {
  return data.subarray(4 * shape[2]!);
}
