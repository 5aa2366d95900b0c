import { describe, expect, test } from 'vitest';
import { kernelLayout, kernelPacking, packedShape } from '../../../../src/executors/onnx/blocked/layout.ts';

const weight = (shape: readonly number[]) => {
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: Float32Array.from({ length }, (_, place) => place + 1) };
};

/** Each: shape of the weight, groups, block, packed shape. */
const CASES = [
  ['dense', [32, 16, 3, 3], 1, 8, [32, 16, 3, 3]],
  ['dense', [32, 16, 3, 3], 1, 16, [32, 16, 3, 3]],
  ['dense', [20, 12, 1, 1], 1, 8, [24, 16, 1, 1]],
  ['dense', [20, 36, 5, 5], 1, 16, [32, 48, 5, 5]],
  ['thin', [24, 3, 3, 3], 1, 8, [24, 3, 3, 3]],
  ['thin', [24, 12, 3, 3], 1, 16, [32, 12, 3, 3]],
  ['depthwise', [20, 1, 5, 5], 20, 8, [24, 1, 5, 5]],
  ['depthwise', [48, 1, 7, 7], 48, 16, [48, 1, 7, 7]],
] as const;

describe.each(CASES)('a %s weight %j of %d groups in blocks of %d', (kind, shape, groups, block, packed) => {
  const layout = kernelLayout(shape, groups, block)!;
  const { pack, unpack } = kernelPacking(layout);

  test('is declared in whole blocks', () => {
    expect([layout.kind, packedShape(layout)]).toEqual([kind, packed]);
  });

  test('is the same after packing and unpacking', () => {
    expect(unpack(pack(weight(shape)))).toEqual(weight(shape));
  });

  test('is laid out as ONNX Runtime reads it, with zeros for missing channels', () => {
    const { data } = weight(shape);
    const [outs, inputs, kernel] = packed;
    const [outChannels, inChannels] = shape;
    const found = pack(weight(shape)).data;
    let place = 0;
    // dense: out block, in block, tap, in lane, out lane; else: out block, input, tap, out lane.
    const inLanes = kind === 'dense' ? block : 1;
    for (let outBlock = 0; outBlock < outs / block; outBlock++) {
      for (let inBlock = 0; inBlock < inputs / inLanes; inBlock++) {
        for (let tap = 0; tap < kernel ** 2; tap++) {
          for (let inLane = 0; inLane < inLanes; inLane++) {
            for (let outLane = 0; outLane < block; outLane++, place++) {
              const [out, input] = [outBlock * block + outLane, inBlock * inLanes + inLane];
              const isThere = out < outChannels && input < inChannels;
              const expected = isThere ? data[(out * inChannels + input) * kernel ** 2 + tap]! : 0;
              if (found[place] !== expected) expect.fail(`place ${place}: ${found[place]}, not ${expected}`);
            }
          }
        }
      }
    }
    expect(found.length).toBe(place);
  });
});

test('a grouped convolution that is not depthwise runs in the plain layout', () => {
  expect(kernelLayout([32, 8, 3, 3], 4, 8)).toBeUndefined();
});
