import { sizeOfBoxes } from '../boxes/aspect.ts';
import type { Size, XywhPx } from '../boxes/formats.ts';
import type { Dataset, DatasetImage } from '../datasets/dataset.ts';
import { imageSource } from '../datasets/image-path.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { decodeShrunk, type RgbImage } from '../image/decode.ts';
import { encodePicture } from '../image/encode.ts';

/** A picture embedded in a page. */
export interface InlinePicture extends Size {
  readonly href: string;
  /** Pixels of the picture per pixel of the original image, to which boxes refer. */
  readonly scale: number;
  /** Position of the picture in the original image, in pixels of that image. */
  readonly left: number;
  readonly top: number;
}

const QUALITY = 74;

/** Encodes an image as a JPEG data URL. */
export async function jpegAddress(image: RgbImage): Promise<string> {
  return `data:image/jpeg;base64,${(await encodePicture(image, 'jpeg', QUALITY)).toString('base64')}`;
}

function cut(image: RgbImage, left: number, top: number, width: number, height: number): RgbImage {
  const data = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row++) {
    const from = 3 * ((top + row) * image.width + left);
    data.set(image.data.subarray(from, from + 3 * width), 3 * row * width);
  }
  return { data, width, height };
}

/** Undefined for unreadable images, which are left out of a report. */
async function unlessUnreadable<T>(make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof MicroYoloError) return undefined;
    throw error;
  }
}

/** A size multiplied by a factor, in whole pixels. */
const scaled = ({ width, height }: Size, scale: number): Size => ({
  width: Math.max(1, Math.round(width * scale)),
  height: Math.max(1, Math.round(height * scale)),
});

/** An image shrunk to a longest side. Undefined if it cannot be read. */
export function wholePicture(
  dataset: Dataset,
  image: DatasetImage,
  side: number,
): Promise<InlinePicture | undefined> {
  return unlessUnreadable(async () => {
    const { image: small, original } = await decodeShrunk(imageSource(dataset, image), (own) =>
      scaled(own, Math.min(1, side / Math.max(own.width, own.height))),
    );
    const { width, height } = small;
    const scale = width / sizeOfBoxes(original, image).width;
    return { href: await jpegAddress(small), width, height, scale, left: 0, top: 0 };
  });
}

/** A box with its surroundings, shrunk to a longest side. Undefined if the image cannot be read. */
export function croppedPicture(
  dataset: Dataset,
  image: DatasetImage,
  [left, top, width, height]: XywhPx,
  side: number,
): Promise<InlinePicture | undefined> {
  return unlessUnreadable(async () => {
    const wanted = Math.max(48, 1.7 * Math.max(width, height));
    const part = (all: Size) => ({ wide: Math.min(wanted, all.width), high: Math.min(wanted, all.height) });
    const { image: small, original } = await decodeShrunk(imageSource(dataset, image), (own) => {
      const all = sizeOfBoxes(own, image);
      const { wide, high } = part(all);
      return scaled(all, Math.min(1, side / Math.max(wide, high)));
    });
    const all = sizeOfBoxes(original, image);
    const { wide, high } = part(all);
    // A picture smaller than the stated size is not enlarged.
    const scale = small.width / all.width;
    const inside = (middle: number, length: number, whole: number) =>
      Math.max(0, Math.min(whole - length, middle - length / 2));
    const reach = (start: number, length: number, whole: number) => {
      const from = Math.min(whole - 1, Math.round(start * scale));
      return [from, Math.max(1, Math.min(whole - from, Math.round(length * scale)))] as const;
    };
    const [cutLeft, cutWidth] = reach(inside(left + width / 2, wide, all.width), wide, small.width);
    const [cutTop, cutHeight] = reach(inside(top + height / 2, high, all.height), high, small.height);
    const crop = cut(small, cutLeft, cutTop, cutWidth, cutHeight);
    return {
      href: await jpegAddress(crop),
      ...{ width: cutWidth, height: cutHeight, scale, left: cutLeft / scale, top: cutTop / scale },
    };
  });
}
