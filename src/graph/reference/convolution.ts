import type { Operation } from '../operations.ts';
import { type ReferenceTensor, zeros } from './tensor.ts';

type Sizes = [number, number, number, number];

/** Straight from the definition: each output pixel is the sum over its window and its group's channels. */
export function conv(
  { stride, padding, groups }: Operation & { op: 'conv' },
  x: ReferenceTensor,
  weight: ReferenceTensor,
  bias: ReferenceTensor | undefined,
): ReferenceTensor {
  const [batch, inChannels, height, width] = x.shape as Sizes;
  const [outChannels, perGroup, tall, wide] = weight.shape as Sizes;
  const [top, left, bottom, right] = padding;
  const outHeight = Math.floor((height + top + bottom - tall) / stride) + 1;
  const outWidth = Math.floor((width + left + right - wide) / stride) + 1;
  const y = zeros([batch, outChannels, outHeight, outWidth]);
  let at = 0;
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outChannels; o++) {
      const firstChannel = Math.floor(o / (outChannels / groups)) * perGroup;
      for (let i = 0; i < outHeight; i++)
        for (let j = 0; j < outWidth; j++) {
          let sum = bias?.data[o] ?? 0;
          for (let c = 0; c < perGroup; c++)
            for (let ky = 0; ky < tall; ky++) {
              const row = i * stride + ky - top;
              if (row < 0 || row >= height) continue;
              for (let kx = 0; kx < wide; kx++) {
                const column = j * stride + kx - left;
                if (column < 0 || column >= width) continue;
                const pixel = ((n * inChannels + firstChannel + c) * height + row) * width + column;
                sum += x.data[pixel]! * weight.data[((o * perGroup + c) * tall + ky) * wide + kx]!;
              }
            }
          y.data[at++] = sum;
        }
    }
  return y;
}

/** Each input pixel gathers from the output pixels whose windows hold it. */
export function convGradInput(
  { stride, padding, groups, height, width }: Operation & { op: 'convGradInput' },
  dy: ReferenceTensor,
  weight: ReferenceTensor,
): ReferenceTensor {
  const [batch, outChannels, outHeight, outWidth] = dy.shape as Sizes;
  const [, perGroup, kernel] = weight.shape as Sizes;
  const [top, left] = padding;
  const outPerGroup = outChannels / groups;
  const dx = zeros([batch, perGroup * groups, height, width]);
  let at = 0;
  for (let n = 0; n < batch; n++)
    for (let channel = 0; channel < perGroup * groups; channel++) {
      const c = channel % perGroup;
      const firstOutput = Math.floor(channel / perGroup) * outPerGroup;
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++) {
          let sum = 0;
          for (let o = firstOutput; o < firstOutput + outPerGroup; o++)
            for (let ky = 0; ky < kernel; ky++) {
              const i = (row + top - ky) / stride;
              if (!Number.isInteger(i) || i < 0 || i >= outHeight) continue;
              for (let kx = 0; kx < kernel; kx++) {
                const j = (column + left - kx) / stride;
                if (!Number.isInteger(j) || j < 0 || j >= outWidth) continue;
                const pixel = ((n * outChannels + o) * outHeight + i) * outWidth + j;
                sum += dy.data[pixel]! * weight.data[((o * perGroup + c) * kernel + ky) * kernel + kx]!;
              }
            }
          dx.data[at++] = sum;
        }
    }
  return dx;
}

/** Each weight gathers from all pixels that it multiplies. */
export function convGradFilter(
  { stride, padding, groups, kernel }: Operation & { op: 'convGradFilter' },
  x: ReferenceTensor,
  dy: ReferenceTensor,
): ReferenceTensor {
  const [batch, inChannels, height, width] = x.shape as Sizes;
  const [, outChannels, outHeight, outWidth] = dy.shape as Sizes;
  const [top, left] = padding;
  const perGroup = inChannels / groups;
  const dweight = zeros([outChannels, perGroup, kernel, kernel]);
  let at = 0;
  for (let o = 0; o < outChannels; o++)
    for (let c = 0; c < perGroup; c++) {
      const channel = Math.floor(o / (outChannels / groups)) * perGroup + c;
      for (let ky = 0; ky < kernel; ky++)
        for (let kx = 0; kx < kernel; kx++) {
          let sum = 0;
          for (let n = 0; n < batch; n++)
            for (let i = 0; i < outHeight; i++) {
              const row = i * stride + ky - top;
              if (row < 0 || row >= height) continue;
              for (let j = 0; j < outWidth; j++) {
                const column = j * stride + kx - left;
                if (column < 0 || column >= width) continue;
                sum +=
                  x.data[((n * inChannels + channel) * height + row) * width + column]! *
                  dy.data[((n * outChannels + o) * outHeight + i) * outWidth + j]!;
              }
            }
          dweight.data[at++] = sum;
        }
    }
  return dweight;
}
