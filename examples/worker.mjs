/**
 * Detects in a worker thread. ONNX Runtime blocks the calling thread, and the main thread should stay responsive.
 *
 *     node worker.mjs photo.jpg
 */
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  for (const photo of process.argv.slice(2)) {
    worker.postMessage(photo);
    const [detections] = await once(worker, 'message');
    console.log(photo, detections.map(({ label }) => label).join(', '));
  }
  await worker.terminate();
} else {
  const { loadDetector } = await import('micro-yolo');
  const loading = loadDetector('micro-yolo-coco');
  parentPort.on('message', async (photo) => {
    const detector = await loading;
    parentPort.postMessage(await detector.detect(photo));
  });
}
