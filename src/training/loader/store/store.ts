import type { Size } from '../../../boxes/formats.ts';
import type { RgbImage } from '../../../image/decode.ts';

/** Images of a data set by index, each as large as training needs it. */
export interface ImageStore {
  /** @throws MicroYoloError if the image is missing or damaged, or has another aspect ratio than in the data set */
  load(index: number): Promise<RgbImage>;
  close(): Promise<void>;
}

/** An image file and its size as stated in the data set, to which its boxes refer. */
export interface ImageFile extends Size {
  readonly path: string;
}

/** An image in shared memory. */
export interface SharedImage {
  readonly width: number;
  readonly height: number;
  readonly bytes: SharedArrayBuffer;
}

/** An image in the cache file. */
export interface StoredImage {
  readonly width: number;
  readonly height: number;
  /** Start of the pixels in the file, in bytes. */
  readonly offset: number;
}

/** Handle for opening the same store in another thread. Unreadable images are `undefined`. */
export type StoreHandle =
  | { readonly kind: 'memory'; readonly images: readonly (SharedImage | undefined)[] }
  | { readonly kind: 'disk'; readonly path: string; readonly images: readonly (StoredImage | undefined)[] }
  | { readonly kind: 'files'; readonly images: readonly ImageFile[]; readonly side: number };
