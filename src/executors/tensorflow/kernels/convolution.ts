import type { Padding } from '../../../foundation/padding.ts';
import { isDepthwise } from '../layout.ts';
import type { TfTensor } from '../tfjs.ts';
import type { Kernels } from './kernels.ts';

interface Geometry {
  readonly stride: number;
  readonly padding: Padding;
  readonly groups: number;
}

/** [N, H, W, C], or [kernel, kernel, I, O] for filters. */
type Sizes = readonly [number, number, number, number];

/**
 * Returns TensorFlow's name of a padding, if it has one. Its fastest kernels support only named paddings.
 * @param area height and width of the convolution's input
 */
function namedPadding(
  { stride, padding }: Geometry,
  [height, width]: readonly [height: number, width: number],
  [tall, wide]: readonly [height: number, width: number],
): 'VALID' | 'SAME' | undefined {
  if (padding.every((side) => side === 0)) return 'VALID';
  const around = (size: number, kernel: number) => {
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
    return [Math.floor(total / 2), Math.ceil(total / 2)] as const;
  };
  const [[top, bottom], [left, right]] = [around(height, tall), around(width, wide)];
  return [top, left, bottom, right].every((side, place) => side === padding[place]) ? 'SAME' : undefined;
}

/** Attributes of TensorFlow.js's convolution kernels. */
function attributes(
  geometry: Geometry,
  area: readonly [height: number, width: number],
  kernel: readonly [height: number, width: number],
) {
  const {
    stride,
    padding: [top, left, bottom, right],
  } = geometry;
  const none = [0, 0] as const;
  return {
    strides: [stride, stride],
    pad: namedPadding(geometry, area, kernel)?.toLowerCase() ?? [none, [top, bottom], [left, right], none],
    dataFormat: 'NHWC',
    dilations: [1, 1],
    dimRoundingMode: 'floor',
  };
}

/**
 * Attributes of TensorFlow's native operations. The gradient kernels of its npm packages do not support explicit
 * padding.
 */
function nativeAttributes(
  geometry: Geometry,
  area: readonly [height: number, width: number],
  kernel: number,
) {
  const {
    stride,
    padding: [top, left, bottom, right],
  } = geometry;
  const name = namedPadding(geometry, area, [kernel, kernel]);
  return {
    strides: { int: [1, stride, stride, 1] },
    padding: { string: name ?? 'EXPLICIT' },
    data_format: { string: 'NHWC' },
    ...(name ? {} : { explicit_paddings: { int: [0, 0, top, bottom, left, right, 0, 0] } }),
  } as const;
}

const areaOf = ({ shape }: TfTensor) => [shape[1]!, shape[2]!] as const;

const sizesTensor = (k: Kernels, sizes: readonly number[]) =>
  k.tensor(Int32Array.from(sizes), [sizes.length], 'int32');

/** Reshapes filters [kernel, kernel, C · multiplier, 1] as the kernels require: [kernel, kernel, C, multiplier]. */
function byChannel(k: Kernels, filter: TfTensor, groups: number): TfTensor {
  const [height, width, outputs] = filter.shape as Sizes;
  return outputs === groups ? filter : k.reshape(filter, [height, width, groups, outputs / groups]);
}

/** Splits a tensor along an axis into one part per group. */
function parts(k: Kernels, x: TfTensor, axis: number, groups: number): readonly TfTensor[] {
  if (groups === 1) return [x];
  const size = x.shape[axis]! / groups;
  return Array.from({ length: groups }, (_, group) => k.slice(x, axis, group * size, (group + 1) * size));
}

export function conv(k: Kernels, geometry: Geometry, x: TfTensor, filter: TfTensor): TfTensor {
  const { groups } = geometry;
  const given = attributes(geometry, areaOf(x), [filter.shape[0]!, filter.shape[1]!]);
  if (isDepthwise(groups, x.shape[3]! / groups)) {
    return k.run('DepthwiseConv2dNative', { x, filter: byChannel(k, filter, groups) }, given);
  }
  const filters = parts(k, filter, 3, groups);
  const maps = parts(k, x, 3, groups).map((part, group) =>
    k.run('Conv2D', { x: part, filter: filters[group]! }, given),
  );
  return k.concat(maps, 3);
}

/** @param area height and width of the convolution's input */
export function convGradInput(
  k: Kernels,
  geometry: Geometry,
  dy: TfTensor,
  filter: TfTensor,
  area: readonly [height: number, width: number],
): TfTensor {
  const { groups } = geometry;
  const kernel = filter.shape[0]!;
  const gradient = (name: string, slope: TfTensor, weights: TfTensor, channels: number) => {
    const inputShape = [dy.shape[0]!, ...area, channels];
    if (k.isNative) {
      const inputs = [sizesTensor(k, inputShape), weights, slope];
      return k.native(name, inputs, nativeAttributes(geometry, area, kernel))[0]!;
    }
    const given = { ...attributes(geometry, area, [kernel, kernel]), inputShape };
    return k.run(name, { dy: slope, filter: weights }, given);
  };
  if (isDepthwise(groups, filter.shape[3]!)) {
    return gradient('DepthwiseConv2dNativeBackpropInput', dy, byChannel(k, filter, groups), groups);
  }
  const filters = parts(k, filter, 3, groups);
  const maps = parts(k, dy, 3, groups).map((slope, group) =>
    gradient('Conv2DBackpropInput', slope, filters[group]!, filter.shape[2]!),
  );
  return k.concat(maps, 3);
}

/** The filter's gradient, in the filter's layout. */
export function convGradFilter(
  k: Kernels,
  geometry: Geometry,
  x: TfTensor,
  dy: TfTensor,
  kernel: number,
): TfTensor {
  const { groups } = geometry;
  const perGroup = x.shape[3]! / groups;
  const outputs = dy.shape[3]!;
  const gradient = (name: string, map: TfTensor, slope: TfTensor, filterShape: Sizes) => {
    if (k.isNative) {
      const inputs = [map, sizesTensor(k, filterShape), slope];
      return k.native(name, inputs, nativeAttributes(geometry, areaOf(x), kernel))[0]!;
    }
    const given = { ...attributes(geometry, areaOf(x), [kernel, kernel]), filterShape };
    return k.run(name, { x: map, dy: slope }, given);
  };
  if (isDepthwise(groups, perGroup)) {
    const shape = [kernel, kernel, groups, outputs / groups] as const;
    const filters = gradient('DepthwiseConv2dNativeBackpropFilter', x, dy, shape);
    return k.reshape(filters, [kernel, kernel, outputs, 1]);
  }
  const slopes = parts(k, dy, 3, groups);
  const filters = parts(k, x, 3, groups).map((map, group) =>
    gradient('Conv2DBackpropFilter', map, slopes[group]!, [kernel, kernel, perGroup, outputs / groups]),
  );
  return k.concat(filters, 3);
}

/** Adds each pixel of dy to all positions of its window. This is the transpose of summing windows. */
export function spreadWindows(
  k: Kernels,
  { kernel, stride, padding }: { kernel: number; stride: number; padding: Padding },
  dy: TfTensor,
  area: readonly [height: number, width: number],
): TfTensor {
  const channels = dy.shape[3]!;
  const ones = k.tensor(new Float32Array(kernel * kernel * channels).fill(1), [kernel, kernel, channels, 1]);
  // With one channel, this is a plain convolution, which gives the same result as a depthwise one.
  return convGradInput(k, { stride, padding, groups: channels }, dy, ones, area);
}
