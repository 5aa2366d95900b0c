import { counted } from '../foundation/counted.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import type { Padding } from '../foundation/padding.ts';
import {
  type FeatureShape,
  INPUT,
  type KernelSize,
  kernelSides,
  type Layer,
  type Network,
  type SliceLayer,
} from './layers.ts';
import { windowedSize } from './padding.ts';

function fail(layer: Layer, problem: string): never {
  throw new MicroYoloError('invalid-network', `layer ${layer.name} (${layer.type}): ${problem}`);
}

const text = (shape: FeatureShape) => shape.join('×');
const whole = ({ start, end }: SliceLayer) => Number.isInteger(start) && Number.isInteger(end);

const kernelText = (kernel: KernelSize) =>
  typeof kernel === 'number' ? `${kernel}` : `${kernel[0]}×${kernel[1]}`;

function windowed(
  layer: Layer & { kernel: KernelSize; stride: number; padding: Padding },
  [, height, width]: FeatureShape,
  channels: number,
): FeatureShape {
  const [top, left, bottom, right] = layer.padding;
  const [tall, wide] = kernelSides(layer.kernel);
  const shape = [
    channels,
    windowedSize(height, tall, layer.stride, top, bottom),
    windowedSize(width, wide, layer.stride, left, right),
  ] as const;
  if (shape[1] < 1 || shape[2] < 1) {
    fail(
      layer,
      `a ${height}×${width} map is smaller than its kernel ${kernelText(layer.kernel)}; use a larger input size`,
    );
  }
  return shape;
}

function headShape(layer: Layer, input: FeatureShape, anchors: number, classes: number): FeatureShape {
  const expected = anchors * (5 + classes);
  if (input[0] !== expected) {
    fail(
      layer,
      `${input[0]} channels, expected anchors × (5 + classes) = ${anchors} × ${5 + classes} = ${expected}`,
    );
  }
  return input;
}

function checkInputCount(layer: Layer, count: number): void {
  const expected = layer.type === 'add' || layer.type === 'multiply' ? 2 : 1;
  if (layer.type !== 'concat' && count !== expected) {
    fail(layer, `has ${counted(count, 'input')}, expected ${expected}`);
  }
}

/**
 * Returns the output shape of a layer from the shapes of its inputs.
 * @throws MicroYoloError `invalid-network` if they do not fit
 */
export function layerShape(layer: Layer, inputs: readonly FeatureShape[]): FeatureShape {
  const [first, second] = inputs;
  if (!first) return fail(layer, 'has no input');
  checkInputCount(layer, inputs.length);
  const [channels, height, width] = first;
  switch (layer.type) {
    case 'conv':
      if (channels % layer.groups !== 0 || layer.outChannels % layer.groups !== 0) {
        fail(
          layer,
          `${channels} → ${layer.outChannels} channels, expected multiples of groups ${layer.groups}`,
        );
      }
      if (!(layer.outChannels >= 1)) fail(layer, `${layer.outChannels} channels, expected at least 1`);
      return windowed(layer, first, layer.outChannels);
    case 'maxPool':
    case 'avgPool':
      if (Math.max(...layer.padding) >= layer.kernel) {
        fail(layer, `padding ${layer.padding.join(', ')}, expected less than its kernel ${layer.kernel}`);
      }
      return windowed(layer, first, channels);
    case 'activation':
      // With other slopes, the output's sign would not tell the input's sign, which gradients need.
      if (layer.slope !== undefined && !(layer.slope >= 0 && layer.slope <= 1)) {
        fail(layer, `slope ${layer.slope}, expected 0 to 1`);
      }
      return first;
    case 'batchNorm':
    case 'dropout':
      return first;
    case 'globalAvgPool':
      return [channels, 1, 1];
    case 'upsample':
      return [channels, height * layer.factor, width * layer.factor];
    case 'concat': {
      const other = inputs.find((shape) => shape[1] !== height || shape[2] !== width);
      if (other) {
        fail(layer, `joins maps of ${height}×${width} and ${other[1]}×${other[2]}, expected equal sizes`);
      }
      return [inputs.reduce((sum, shape) => sum + shape[0], 0), height, width];
    }
    case 'slice':
      if (!(layer.start >= 0 && layer.start < layer.end && layer.end <= channels && whole(layer))) {
        fail(layer, `channels ${layer.start} to ${layer.end} of ${channels}, expected a range within them`);
      }
      return [layer.end - layer.start, height, width];
    case 'shuffle':
      if (channels % layer.groups !== 0)
        fail(layer, `${channels} channels, expected a multiple of ${layer.groups}`);
      return first;
    case 'add':
      if (text(first) !== text(second!)) {
        fail(layer, `adds ${text(first)} and ${text(second!)}, expected equal shapes`);
      }
      return first;
    case 'multiply': {
      const fits = second!.every((size, axis) => size === first[axis] || size === 1);
      if (!fits)
        fail(
          layer,
          `multiplies ${text(first)} by ${text(second!)}, expected equal shapes, or sizes of 1 in the second`,
        );
      return first;
    }
    case 'dense':
      return [layer.outFeatures, 1, 1];
    case 'yolo':
    case 'region':
      return headShape(layer, first, layer.anchors.length, layer.classes);
    case 'classes':
      if (channels * height * width !== layer.classes)
        fail(layer, `${text(first)}, expected ${layer.classes}×1×1`);
      return first;
  }
}

/**
 * Returns the output shape [channels, height, width] of every layer by name, including `input`.
 * @throws MicroYoloError `invalid-network` that names the first layer that does not fit
 */
export function inferShapes(network: Network): ReadonlyMap<string, FeatureShape> {
  const shapes = new Map<string, FeatureShape>([[INPUT, network.input]]);
  for (const layer of network.layers) {
    if (shapes.has(layer.name)) fail(layer, 'its name is taken by an earlier layer');
    const inputs = layer.inputs.map(
      (name) => shapes.get(name) ?? fail(layer, `reads ${name}, which is not an earlier layer`),
    );
    shapes.set(layer.name, layerShape(layer, inputs));
  }
  return shapes;
}

/**
 * Returns the same network with another input size in pixels. The layers do not change.
 * @throws MicroYoloError `invalid-argument` for a size that is out of range or does not fit the network
 */
export function withInputSize(network: Network, width: number, height: number): Network {
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 32 || side > 8192) {
      throw new MicroYoloError(
        'invalid-argument',
        `size ${side}: expected a whole number from 32 to 8192, preferably a multiple of 32`,
        { field: 'size', received: side },
      );
    }
  }
  const resized = { ...network, input: [network.input[0], height, width] as const };
  try {
    inferShapes(resized);
  } catch (error) {
    if (!(error instanceof MicroYoloError)) throw error;
    const size = `size ${width}×${height}: does not fit ${network.name}`;
    throw new MicroYoloError('invalid-argument', `${size} (${error.message}); use multiples of 32`);
  }
  return resized;
}
