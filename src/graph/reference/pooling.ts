import type { Operation, Window } from '../operations.ts';
import { type ReferenceTensor, zeros } from './tensor.ts';

/** Of a window without its padding: where its pixels lie in x, and where its result lies in y. */
interface Pool {
  readonly pixels: readonly number[];
  readonly output: number;
}

/** Of feature maps [N, C, H, W] the shape of the pooled ones and every window, in the order of the outputs. */
function pools(
  [batch, channels, height, width]: readonly [number, number, number, number],
  { kernel, stride, padding: [top, left, bottom, right] }: Window,
): { readonly shape: readonly number[]; readonly windows: readonly Pool[] } {
  const outHeight = Math.floor((height + top + bottom - kernel) / stride) + 1;
  const outWidth = Math.floor((width + left + right - kernel) / stride) + 1;
  const windows: Pool[] = [];
  for (let plane = 0; plane < batch * channels; plane++)
    for (let i = 0; i < outHeight; i++)
      for (let j = 0; j < outWidth; j++) {
        const pixels: number[] = [];
        for (let row = i * stride - top; row < i * stride - top + kernel; row++)
          for (let column = j * stride - left; column < j * stride - left + kernel; column++)
            if (row >= 0 && row < height && column >= 0 && column < width)
              pixels.push((plane * height + row) * width + column);
        windows.push({ pixels, output: windows.length });
      }
  return { shape: [batch, channels, outHeight, outWidth], windows };
}

const sizes = ({ shape }: ReferenceTensor) => shape as readonly [number, number, number, number];

export function maxPool(window: Window, x: ReferenceTensor): ReferenceTensor {
  const { shape, windows } = pools(sizes(x), window);
  const y = zeros(shape);
  for (const { pixels, output } of windows)
    y.data[output] = pixels.reduce((max, pixel) => Math.max(max, x.data[pixel]!), Number.NEGATIVE_INFINITY);
  return y;
}

export function avgPool(window: Window, x: ReferenceTensor): ReferenceTensor {
  const { shape, windows } = pools(sizes(x), window);
  const y = zeros(shape);
  for (const { pixels, output } of windows)
    y.data[output] = pixels.reduce((sum, pixel) => sum + x.data[pixel]!, 0) / pixels.length;
  return y;
}

export function maxPoolGrad(
  window: Window,
  x: ReferenceTensor,
  y: ReferenceTensor,
  dy: ReferenceTensor,
): ReferenceTensor {
  const dx = zeros(x.shape);
  for (const { pixels, output } of pools(sizes(x), window).windows) {
    const largest = pixels.filter((pixel) => x.data[pixel] === y.data[output]);
    for (const pixel of largest) dx.data[pixel]! += dy.data[output]! / largest.length;
  }
  return dx;
}

export function avgPoolGrad(
  operation: Operation & { op: 'avgPoolGrad' },
  dy: ReferenceTensor,
): ReferenceTensor {
  const [batch, channels] = sizes(dy);
  const shape = [batch, channels, operation.height, operation.width] as const;
  const dx = zeros(shape);
  for (const { pixels, output } of pools(shape, operation).windows)
    for (const pixel of pixels) dx.data[pixel]! += dy.data[output]! / pixels.length;
  return dx;
}
