import { encodeOnnx } from '../../../src/executors/onnx/file.ts';

/**
 * An ONNX detector as YOLOX exports them, with a single grid at each of strides 8, 16 and 32: every value is a weighted sum
 * of the colors of its cell.
 * @param side of its input in pixels
 * @param classes whose scores it gives
 */
export function tinyYolox({ side = 64, classes = 2 }: { side?: number; classes?: number } = {}): Uint8Array {
  const channels = 5 + classes;
  const strides = [8, 16, 32];
  const nodes = strides.flatMap((stride) => [
    {
      type: 'Conv',
      inputs: ['images', `weight${stride}`, `bias${stride}`],
      outputs: [`map${stride}`],
      attributes: { kernel_shape: [stride, stride], strides: [stride, stride] },
    },
    { type: 'Sigmoid', inputs: [`map${stride}`], outputs: [`values${stride}`] },
    { type: 'Reshape', inputs: [`values${stride}`, 'rows'], outputs: [`rows${stride}`] },
  ]);
  const cells = strides.reduce((sum, stride) => sum + (side / stride) ** 2, 0);
  return encodeOnnx({
    name: 'tiny yolox',
    opset: 17,
    nodes: [
      ...nodes,
      {
        type: 'Concat',
        inputs: strides.map((stride) => `rows${stride}`),
        outputs: ['all'],
        attributes: { axis: 2 },
      },
      { type: 'Transpose', inputs: ['all'], outputs: ['output'], attributes: { perm: [0, 2, 1] } },
    ],
    inputs: [{ name: 'images', type: 'float32', shape: [1, 3, side, side] }],
    outputs: [{ name: 'output', type: 'float32', shape: [1, cells, channels] }],
    initializers: [
      ...strides.flatMap((stride) => [
        {
          name: `weight${stride}`,
          shape: [channels, 3, stride, stride],
          data: Float32Array.from(
            { length: channels * 3 * stride ** 2 },
            (_, index) => Math.sin(index * 12.9898) / (40 * stride ** 2),
          ),
        },
        { name: `bias${stride}`, shape: [channels], data: new Float32Array(channels) },
      ]),
      { name: 'rows', shape: [3], data: BigInt64Array.of(1n, BigInt(channels), -1n) },
    ],
    metadata: {},
  });
}

/** The cost of the graph above: one convolution per grid. */
export function tinyYoloxCost({ side = 64, classes = 2 } = {}): { parameters: number; macs: number } {
  const channels = 5 + classes;
  const strides = [8, 16, 32];
  const weights = (stride: number) => channels * 3 * stride ** 2;
  return {
    parameters: strides.reduce((sum, stride) => sum + weights(stride) + channels, 0),
    macs: strides.reduce((sum, stride) => sum + weights(stride) * (side / stride) ** 2, 0),
  };
}
