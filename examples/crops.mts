/**
 * Crops every object in a photo to a file: `crops/person-1.png`, `crops/person-2.png`, `crops/dog-3.png` …
 *
 *     npx tsx crops.mts photo.jpg crops
 */
import { join } from 'node:path';
import { cropImage, decodeImage, loadDetector, writePicture } from 'micro-yolo';

const [photo = 'photo.jpg', out = 'crops'] = process.argv.slice(2);
// Decode once, and use the same pixels for detection and cropping.
const image = await decodeImage(photo);
const detector = await loadDetector('micro-yolo-coco');
const detections = await detector.detect(image);
await detector[Symbol.asyncDispose]();

for (const [index, { label, box }] of detections.entries()) {
  const crop = cropImage(image, box);
  if (!crop) continue;
  const path = join(out, `${label.replaceAll(' ', '-')}-${index + 1}.png`);
  await writePicture(path, crop);
  console.log(path);
}
