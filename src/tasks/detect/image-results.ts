import type { DetectionResult } from '../../detection/detector.ts';
import { firstNames, MicroYoloError } from '../../foundation/errors/errors.ts';
import { decodeImage } from '../../image/decode.ts';
import { DETECT_DEFAULTS, type DetectOptions } from '../../options/detect.ts';
import type { NamedImage } from './named-images.ts';
import type { FoundInImage, ImageFiles } from './outputs/output.ts';

/**
 * Writes an image's own files.
 * @returns why it cannot be used, if so: pixels that cannot be decoded whole, or drawn
 * @throws MicroYoloError if none can be written
 */
export async function writeImageFiles(
  files: readonly ImageFiles[],
  named: NamedImage,
  result: DetectionResult,
  found: FoundInImage,
  maxPixels: number | undefined,
): Promise<MicroYoloError | undefined> {
  let decoded: ReturnType<typeof decodeImage> | undefined;
  let undecoded: MicroYoloError | undefined;
  const pixels = () => {
    decoded ??= result.decoded ? Promise.resolve(result.decoded) : decodeImage(named.source, { maxPixels });
    return decoded.catch((error: unknown) => {
      if (error instanceof MicroYoloError) undecoded = error;
      throw error;
    });
  };
  try {
    for (const file of files) await file.write(named, found, pixels);
    return undefined;
  } catch (error) {
    if (undecoded) return undecoded;
    if (error instanceof MicroYoloError && error.code === 'unsupported') return error;
    throw error;
  }
}

/** What scored best of all that the threshold left out, in all images. */
export class BestBelow {
  #best: { readonly image: string; readonly label: string; readonly score: number } | undefined;
  #found = 0;
  #images = 0;

  add(image: string, { detections, bestBelow }: DetectionResult): void {
    this.#images++;
    this.#found += detections.length;
    if (bestBelow && !(this.#best && this.#best.score >= bestBelow.score))
      this.#best = { image, ...bestBelow };
  }

  /** Why nothing was found in any image; undefined if something was. */
  describe({ scoreThreshold = DETECT_DEFAULTS.scoreThreshold, classes }: DetectOptions): string | undefined {
    if (this.#images === 0 || this.#found > 0) return undefined;
    const over = `${classes ? `no ${firstNames(classes)}` : 'nothing'} has a score above ${scoreThreshold}`;
    if (!this.#best) return `${over}, or close to it`;
    const { label, score, image } = this.#best;
    return `${over}: the best is ${label} at ${score.toFixed(3)} in ${image}; a lower score threshold shows it`;
  }
}
