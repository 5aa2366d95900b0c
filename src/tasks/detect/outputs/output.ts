import type { Detection } from '../../../detection/read-boxes.ts';
import type { RgbImage } from '../../../image/decode.ts';
import type { NamedImage } from '../named-images.ts';

/** What was found in an image. */
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

/** A file of all images' detections, written as they come. Ended by `end`; disposed before that, it leaves no file. */
export interface DetectionFile extends AsyncDisposable {
  write(found: FoundInImage): Promise<void>;
  end(): Promise<void>;
}

/** Files of each image. Writing them again changes nothing. */
export interface ImageFiles {
  /** @param pixels decodes the image, unless that is done already */
  write(named: NamedImage, found: FoundInImage, pixels: () => Promise<RgbImage>): Promise<void>;
}

/** What `-` means as a file. */
export const STANDARD_OUTPUT = '-';
