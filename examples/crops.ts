/**
 * Crops every object in a photo to a file: `crops/person-1.png`, `crops/person-2.png`, `crops/dog-3.png` …
 *
 *     npx tsx crops.ts photo.jpg crops
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeImage, loadDetector, type RgbImage, writePicture } from 'micro-yolo';
import type { XywhPx } from 'micro-yolo/boxes';

/** The part of an image inside a box, rounded to whole pixels. */
function crop({ data, width, height }: RgbImage, box: XywhPx): RgbImage {
  const left = Math.max(0, Math.floor(box[0]));
  const top = Math.max(0, Math.floor(box[1]));
  const right = Math.min(width, Math.ceil(box[0] + box[2]));
  const bottom = Math.min(height, Math.ceil(box[1] + box[3]));
  const cut = new Uint8Array(3 * (right - left) * (bottom - top));
  for (let y = top; y < bottom; y++) {
    const row = data.subarray(3 * (y * width + left), 3 * (y * width + right));
    cut.set(row, 3 * (y - top) * (right - left));
  }
  return { data: cut, width: right - left, height: bottom - top };
}

const [photo = 'photo.jpg', out = 'crops'] = process.argv.slice(2);
// Decode once, and use the same pixels for detection and cropping.
const image = await decodeImage(photo);
const detector = await loadDetector('micro-yolo-coco');
const detections = await detector.detect(image);
await detector[Symbol.asyncDispose]();

await mkdir(out, { recursive: true });
for (const [index, { label, box }] of detections.entries()) {
  const path = join(out, `${label.replaceAll(' ', '-')}-${index + 1}.png`);
  await writePicture(path, crop(image, box));
  console.log(path);
}
