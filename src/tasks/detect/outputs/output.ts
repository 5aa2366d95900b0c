import type { Detection } from '../../../detection/read-boxes.ts';
import type { RgbImage } from '../../../image/decode.ts';
import type { NamedImage } from '../named-images.ts';

/** Detections in an image. */
export interface FoundInImage {
  /** Path, address or name of the image. */
  readonly image: string;
  /** Width of the upright image, in pixels. */
  readonly width: number;
  /** Height of the upright image, in pixels. */
  readonly height: number;
  /** Detections, best first. */
  readonly detections: readonly Detection[];
}

/** An output file for all images, written image by image. If it is disposed before `end`, no file is left. */
export interface DetectionFile extends AsyncDisposable {
  write(found: FoundInImage): Promise<void>;
  end(): Promise<void>;
}

/** Output files of single images. Writing them again gives the same files. */
export interface ImageFiles {
  /** @param pixels returns the decoded image, decoding it if necessary */
  write(named: NamedImage, found: FoundInImage, pixels: () => Promise<RgbImage>): Promise<void>;
}

/** File name of standard output. */
export const STANDARD_OUTPUT = '-';
