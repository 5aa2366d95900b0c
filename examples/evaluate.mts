/**
 * COCO's metrics of a detector in a program: the model is loaded once, and your code sees each detection. If you need only the
 * metrics, use `evaluateModel({ model, data })`.
 *
 *     npx tsx evaluate.mts val.json
 */
import { join } from 'node:path';
import { detectMany, EVALUATE_DEFAULTS, loadDetector } from 'micro-yolo';
import { loadDataset } from 'micro-yolo/datasets';
import { DetectionList, evaluateDetections, mapClasses } from 'micro-yolo/evaluation';

const dataset = await loadDataset(process.argv[2] ?? 'val.json');
const idOfPath = new Map(dataset.images.map(({ id, fileName }) => [join(dataset.imageFolder, fileName), id]));

const detector = await loadDetector('micro-yolo-coco');
const { categoryIds } = mapClasses(detector.model.classes, dataset.categories);
// Average precision counts low scores too: the defaults keep scores over 0.001.
const { scoreThreshold, maxDetections } = EVALUATE_DEFAULTS;

const found = new DetectionList();
for await (const { source, result, error } of detectMany(detector, idOfPath.keys(), {
  scoreThreshold,
  maxDetections,
})) {
  if (error) throw error;
  for (const { classId, box, score } of result.detections) {
    const category = categoryIds[classId];
    // A class that the data does not have.
    if (category !== undefined) found.add(idOfPath.get(source)!, category, box, score);
  }
}
await detector[Symbol.asyncDispose]();

const { metrics, notes } = evaluateDetections(dataset, found);
console.log(`mAP ${metrics.AP.toFixed(3)}, AP50 ${metrics.AP50.toFixed(3)}`);
for (const note of notes) console.error(note);
