import type { Size } from '../boxes/formats.ts';
import type { RgbImage } from '../image/decode.ts';
import { channelsOf, type RawImage } from '../image/sources.ts';
import type { Context2d } from './canvas.ts';

/** Copies an image to a canvas, opaque, with its top left corner at the given pixel. */
export function putPixels(context: Context2d, raw: RawImage, left = 0, top = 0): void {
  const { data, width, height } = raw;
  const channels = channelsOf(raw);
  const image = context.createImageData(width, height);
  for (let from = 0, to = 0; from < data.length; from += channels, to += 4) {
    image.data[to] = data[from]!;
    image.data[to + 1] = data[from + 1]!;
    image.data[to + 2] = data[from + 2]!;
    image.data[to + 3] = 255;
  }
  context.putImageData(image, left, top);
}

/** Copies the pixels of a fully opaque canvas. */
export function takePixels(context: Context2d, { width, height }: Size): RgbImage {
  const { data: rgba } = context.getImageData(0, 0, width, height);
  const data = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = rgba[from]!;
    data[to + 1] = rgba[from + 1]!;
    data[to + 2] = rgba[from + 2]!;
  }
  return { data, width, height };
}
