// An ES module: `node detect.mjs PHOTO LABEL [MODEL]`.
import { loadDetector } from 'micro-yolo';

const [photo, label, model = 'micro-yolo-coco'] = process.argv.slice(2);
const detector = await loadDetector(model);
const detections = await detector.detect(photo);
await detector[Symbol.asyncDispose]();
if (label && detections[0]?.label !== label) {
  throw new Error(`found ${detections[0]?.label}, expected ${label}`);
}
console.log(`${detections.length} detections`);
