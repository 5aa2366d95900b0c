/**
 * COCO's metrics of a loaded detector, and the detections that they are computed from. If you need only the metrics, use
 * `evaluateModel({ model, data })`.
 *
 *     npx tsx evaluate.mts val.json model.safetensors
 */
import { detectDataset, loadDetector } from 'micro-yolo';
import { loadDataset } from 'micro-yolo/datasets';
import { evaluateDetections } from 'micro-yolo/evaluation';

const [data = 'val.json', model = 'micro-yolo-coco'] = process.argv.slice(2);
const dataset = await loadDataset(data);
const detector = await loadDetector(model);
// As for mAP: low scores count too, and boxes are not clipped.
const found = await detectDataset(detector, dataset);
await detector[Symbol.asyncDispose]();

const { metrics, notes } = evaluateDetections(dataset, found);
console.log(`mAP ${metrics.AP.toFixed(3)}, AP50 ${metrics.AP50.toFixed(3)}, ${found.count} detections`);
for (const note of notes) console.error(note);
