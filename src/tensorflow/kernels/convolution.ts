import type { Padding } from '../../graph/operations.ts';
import { isDepthwise } from '../layout.ts';
import type { TfTensor } from '../tfjs.ts';
import type { Kernels } from './kernels.ts';

interface Geometry {
  readonly stride: number;
  readonly padding: Padding;
  readonly groups: number;
}

/** [N, H, W, C] or, of filters, [kernel, kernel, I, O] */
type Sizes = readonly [number, number, number, number];

/** The attributes of TensorFlow.js's convolution kernels. */
function attributes({ stride, padding: [top, left, bottom, right] }: Geometry) {
  const none = [0, 0] as const;
  return {
    strides: [stride, stride],
    pad: [none, [top, bottom], [left, right], none],
    dataFormat: 'NHWC',
    dilations: [1, 1],
    dimRoundingMode: 'floor',
  };
}

/** Those of TensorFlow's operations: its packages' own gradient kernels take no explicit padding. */
function nativeAttributes({ stride, padding }: Geometry) {
  const [top, left, bottom, right] = padding;
  const isPadded = padding.some((side) => side !== 0);
  return {
    strides: { int: [1, stride, stride, 1] },
    padding: { string: isPadded ? 'EXPLICIT' : 'VALID' },
    data_format: { string: 'NHWC' },
    ...(isPadded ? { explicit_paddings: { int: [0, 0, top, bottom, left, right, 0, 0] } } : {}),
  } as const;
}

const sizesTensor = (k: Kernels, sizes: readonly number[]) =>
  k.tensor(Int32Array.from(sizes), [sizes.length], 'int32');

/** Filters [kernel, kernel, C · multiplier, 1] as the kernels take them, [kernel, kernel, C, multiplier]. */
function byChannel(k: Kernels, filter: TfTensor, groups: number): TfTensor {
  const [height, width, outputs] = filter.shape as Sizes;
  return outputs === groups ? filter : k.reshape(filter, [height, width, groups, outputs / groups]);
}

/** One part a group, along an axis. */
function parts(k: Kernels, x: TfTensor, axis: number, groups: number): readonly TfTensor[] {
  if (groups === 1) return [x];
  const size = x.shape[axis]! / groups;
  return Array.from({ length: groups }, (_, group) => k.slice(x, axis, group * size, (group + 1) * size));
}

export function conv(k: Kernels, geometry: Geometry, x: TfTensor, filter: TfTensor): TfTensor {
  const { groups } = geometry;
  if (isDepthwise(groups, x.shape[3]! / groups)) {
    const filters = byChannel(k, filter, groups);
    return k.run('DepthwiseConv2dNative', { x, filter: filters }, attributes(geometry));
  }
  const filters = parts(k, filter, 3, groups);
  const maps = parts(k, x, 3, groups).map((part, group) =>
    k.run('Conv2D', { x: part, filter: filters[group]! }, attributes(geometry)),
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
  const gradient = (name: string, slope: TfTensor, weights: TfTensor, channels: number) => {
    const inputShape = [dy.shape[0]!, ...area, channels];
    if (k.isNative) {
      const inputs = [sizesTensor(k, inputShape), weights, slope];
      return k.native(name, inputs, nativeAttributes(geometry))[0]!;
    }
    return k.run(name, { dy: slope, filter: weights }, { ...attributes(geometry), inputShape });
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

/** The filter's gradient, as the filter lies. */
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
      return k.native(name, inputs, nativeAttributes(geometry))[0]!;
    }
    return k.run(name, { x: map, dy: slope }, { ...attributes(geometry), filterShape });
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

/** Puts each pixel of dy back over its window: the transpose of summing windows. */
export function spreadWindows(
  k: Kernels,
  { kernel, stride, padding }: { kernel: number; stride: number; padding: Padding },
  dy: TfTensor,
  area: readonly [height: number, width: number],
): TfTensor {
  const channels = dy.shape[3]!;
  const ones = k.tensor(new Float32Array(kernel * kernel * channels).fill(1), [kernel, kernel, channels, 1]);
  // With one channel, too: as a depthwise convolution it is the same.
  return convGradInput(k, { stride, padding, groups: channels }, dy, ones, area);
}
