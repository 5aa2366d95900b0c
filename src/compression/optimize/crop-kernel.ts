import { elementCount } from '../../foundation/element-count.ts';
import type { Tensor } from '../../graph/operations.ts';
import { type ConvLayer, kernelSides, type Layer } from '../../network/layers.ts';

/**
 * Returns the side of the kernel without its outermost ring. Undefined if there is no ring, or if the map would shift.
 */
export function croppedSide(layer: Layer): number | undefined {
  if (layer.type !== 'conv' || typeof layer.kernel !== 'number') return undefined;
  const isCentered = layer.kernel % 2 === 1 && layer.padding.every((side) => side >= 1);
  return isCentered && layer.kernel >= 3 ? layer.kernel - 2 : undefined;
}

/** Returns the layer with a smaller kernel around the same center. The output keeps its size. */
export function croppedLayer(layer: ConvLayer, side: number): ConvLayer {
  const rim = (kernelSides(layer.kernel)[0] - side) / 2;
  const [top, left, bottom, right] = layer.padding;
  return { ...layer, kernel: side, padding: [top - rim, left - rim, bottom - rim, right - rim] };
}

/** Returns the middle of kernels, [outputs, inputs, side, side]. */
export function croppedWeight({ shape, data }: Tensor, side: number): Tensor {
  const [outputs, inputs, whole] = shape as [number, number, number, number];
  const rim = (whole - side) / 2;
  const cropped = new Float32Array(elementCount([outputs, inputs, side, side]));
  let at = 0;
  for (let kernel = 0; kernel < outputs * inputs; kernel++) {
    for (let row = rim; row < rim + side; row++) {
      const from = (kernel * whole + row) * whole + rim;
      cropped.set(data.subarray(from, from + side), at);
      at += side;
    }
  }
  return { shape: [outputs, inputs, side, side], data: cropped };
}
