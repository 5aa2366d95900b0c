import type { XywhPx } from '../../boxes/formats.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { RgbImage } from '../decode.ts';
import { channelsOf, type RawImage, rgbOf } from '../sources.ts';
import type { Region } from './region.ts';

/**
 * Copies a region of an image.
 * @param channels number of values per pixel. @default 3
 */
export function cutRegion(
  { data, width }: Pick<RawImage, 'data' | 'width'>,
  { left, top, ...size }: Region,
  channels = 3,
): RgbImage {
  const cut = new Uint8Array(channels * size.width * size.height);
  for (let row = 0; row < size.height; row++) {
    const from = channels * ((top + row) * width + left);
    cut.set(data.subarray(from, from + channels * size.width), channels * row * size.width);
  }
  return { data: cut, ...size };
}

/**
 * Copies the pixels that a box touches, as RGB. RGBA is shown over white.
 * @param box left, top, width and height in pixels. It may extend beyond the image
 * @returns `undefined` if no pixel is inside the box
 * @throws MicroYoloError `invalid-argument` for a wrong number of pixels, or a box that is not finite
 */
export function cropImage(image: RawImage, box: XywhPx): RgbImage | undefined {
  const channels = channelsOf(image);
  const [left, top, width, height] = box;
  if (![left, top, width, height].every(Number.isFinite)) {
    throw new MicroYoloError(
      'invalid-argument',
      `box [${box.join(', ')}]: expected four finite numbers, left, top, width and height in pixels`,
    );
  }
  const [l, t] = [Math.max(0, Math.floor(left)), Math.max(0, Math.floor(top))];
  const right = Math.min(image.width, Math.ceil(left + width));
  const bottom = Math.min(image.height, Math.ceil(top + height));
  if (right <= l || bottom <= t) return undefined;
  return rgbOf(cutRegion(image, { left: l, top: t, width: right - l, height: bottom - t }, channels));
}
