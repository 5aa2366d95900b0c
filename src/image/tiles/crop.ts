import type { XywhPx } from '../../boxes/formats.ts';
import type { RgbImage } from '../decode.ts';
import type { Region } from './region.ts';

/** Copies a region of an image. */
export function cutRegion({ data, width }: RgbImage, { left, top, ...size }: Region): RgbImage {
  const cut = new Uint8Array(3 * size.width * size.height);
  for (let row = 0; row < size.height; row++) {
    const from = 3 * ((top + row) * width + left);
    cut.set(data.subarray(from, from + 3 * size.width), 3 * row * size.width);
  }
  return { data: cut, ...size };
}

/**
 * Copies the pixels that a box touches.
 * @param box left, top, width and height in pixels. It may extend beyond the image
 * @returns `undefined` if no pixel is inside the box
 */
export function cropImage(image: RgbImage, [left, top, width, height]: XywhPx): RgbImage | undefined {
  const [l, t] = [Math.max(0, Math.floor(left)), Math.max(0, Math.floor(top))];
  const right = Math.min(image.width, Math.ceil(left + width));
  const bottom = Math.min(image.height, Math.ceil(top + height));
  if (right <= l || bottom <= t) return undefined;
  return cutRegion(image, { left: l, top: t, width: right - l, height: bottom - t });
}
