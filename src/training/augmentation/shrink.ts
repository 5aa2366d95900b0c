import type { RgbImage } from '../../image/decode.ts';

/**
 * Shrinks an image by integer factors. Each pixel is the mean of the block that it covers. Blocks at the right and
 * bottom edges may be smaller.
 */
export function shrinkByArea(image: RgbImage, factorX: number, factorY: number): RgbImage {
  const { data: source, width: sourceWidth, height: sourceHeight } = image;
  const width = Math.ceil(sourceWidth / factorX);
  const height = Math.ceil(sourceHeight / factorY);
  const data = new Uint8Array(3 * width * height);
  const sums = new Uint32Array(3 * width);
  for (let y = 0, to = 0; y < height; y++) {
    const lastRow = Math.min((y + 1) * factorY, sourceHeight);
    sums.fill(0);
    for (let row = y * factorY; row < lastRow; row++) {
      let from = 3 * row * sourceWidth;
      for (let x = 0, sum = 0; x < width; x++, sum += 3) {
        const end = Math.min(from + 3 * factorX, 3 * (row + 1) * sourceWidth);
        let [red, green, blue] = [0, 0, 0];
        for (; from < end; from += 3) {
          red += source[from]!;
          green += source[from + 1]!;
          blue += source[from + 2]!;
        }
        sums[sum] = sums[sum]! + red;
        sums[sum + 1] = sums[sum + 1]! + green;
        sums[sum + 2] = sums[sum + 2]! + blue;
      }
    }
    const rows = lastRow - y * factorY;
    for (let x = 0, sum = 0; x < width; x++, sum += 3, to += 3) {
      const share = 1 / (rows * (Math.min((x + 1) * factorX, sourceWidth) - x * factorX));
      data[to] = sums[sum]! * share + 0.5;
      data[to + 1] = sums[sum + 1]! * share + 0.5;
      data[to + 2] = sums[sum + 2]! * share + 0.5;
    }
  }
  return { data, width, height };
}
