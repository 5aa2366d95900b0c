import type { Size } from '../../../boxes/formats.ts';
import type { RgbImage } from '../../../image/decode.ts';

/** Images of a data set by their place in it, each as large as training needs it. */
export interface ImageStore {
  /** @throws MicroYoloError if the image is missing or damaged, or of another aspect than the data set says */
  load(index: number): Promise<RgbImage>;
  close(): Promise<void>;
}

/** An image and the size that the data set says, in which its boxes are. */
export interface ImageFile extends Size {
  readonly path: string;
}

/** An image in memory that threads share. */
export interface SharedImage {
  readonly width: number;
  readonly height: number;
  readonly bytes: SharedArrayBuffer;
}

/** An image in a file of pixels. */
export interface StoredImage {
  readonly width: number;
  readonly height: number;
  /** In bytes. */
  readonly offset: number;
}

/** What another thread opens the same store with. Broken images have no entry. */
export type StoreHandle =
  | { readonly kind: 'memory'; readonly images: readonly (SharedImage | undefined)[] }
  | { readonly kind: 'disk'; readonly path: string; readonly images: readonly (StoredImage | undefined)[] }
  | { readonly kind: 'files'; readonly images: readonly ImageFile[]; readonly side: number };
