import type { DetectionResult } from '../../detection/detector.ts';
import { firstNames, MicroYoloError } from '../../foundation/errors/errors.ts';
import { decodeImage } from '../../image/decode.ts';
import { DETECT_DEFAULTS, type DetectOptions } from '../../options/detect.ts';
import type { NamedImage } from './named-images.ts';
import type { FoundInImage, ImageFiles } from './outputs/output.ts';

/**
 * Writes the output files of one image.
 * @returns an error if the image is unusable, because its pixels cannot be fully decoded or drawn
 * @throws MicroYoloError if a file cannot be written
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

/** Finds the best-scoring detection below the threshold, over all images. */
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

  /** Explains why nothing was found in any image. Undefined if something was found. */
  describe({ scoreThreshold = DETECT_DEFAULTS.scoreThreshold, classes }: DetectOptions): string | undefined {
    if (this.#images === 0 || this.#found > 0) return undefined;
    const over = `${classes ? `no ${firstNames(classes)}` : 'nothing'} has a score above ${scoreThreshold}`;
    if (!this.#best) return `${over}, or close to it`;
    const { label, score, image } = this.#best;
    return `${over}: the best is ${label} at ${score.toFixed(3)} in ${image}; a lower score threshold shows it`;
  }
}
