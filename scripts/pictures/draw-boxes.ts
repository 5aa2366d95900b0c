/**
 * Detects the objects in a photo and draws them:
 * `npx tsx scripts/pictures/draw-boxes.ts PHOTO PICTURE [MODEL]`, by default with the bundled model.
 */
import {
  decodeImage,
  drawDetections,
  loadDetector,
  MicroYoloError,
  saveCanvas,
} from '../../src/api/index.ts';

const [photo, picture, model = 'micro-yolo-coco'] = process.argv.slice(2);
if (!photo || !picture) {
  console.error('usage: npx tsx scripts/pictures/draw-boxes.ts PHOTO PICTURE [MODEL]');
  process.exit(2);
}

try {
  await using detector = await loadDetector(model);
  const detections = await detector.detect(photo);
  for (const { label, score, box } of detections) {
    console.log(
      `${label} ${score.toFixed(3)} at ${box.map(Math.round).join(', ')} (left, top, width, height)`,
    );
  }
  await saveCanvas(await drawDetections(await decodeImage(photo), detections), picture);
  console.log(`${detections.length} detections drawn in ${picture}`);
} catch (error) {
  if (!(error instanceof MicroYoloError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
