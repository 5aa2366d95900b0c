// CommonJS: `require` works from Node 20.19 and 22.12, `import()` in every version.
const { loadDetector } = require('micro-yolo');

const [photo, label] = process.argv.slice(2);

async function main() {
  if ((await import('micro-yolo')).loadDetector !== loadDetector)
    throw new Error('the package is loaded twice');
  const detector = await loadDetector('micro-yolo-coco');
  const detections = await detector.detect(photo);
  await detector[Symbol.asyncDispose]();
  if (detections[0]?.label !== label) throw new Error(`found ${detections[0]?.label}, expected ${label}`);
  console.log(`${detections.length} detections`);
}

main();
