/**
 * COCO's mAP of a model on a dataset, step by step: `npx tsx scripts/evaluate.ts MODEL DATA`.
 * `micro-yolo val` does the same with a progress bar.
 */
import { join } from 'node:path';
import { loadDataset } from '../src/api/datasets.ts';
import { DetectionList, evaluateDetections, mapClasses } from '../src/api/evaluation.ts';
import { detectMany, loadDetector } from '../src/api/index.ts';

const [model, data] = process.argv.slice(2);
if (!model || !data) {
  console.error('usage: npx tsx scripts/evaluate.ts MODEL DATA');
  process.exit(2);
}

const dataset = await loadDataset(data);
await using detector = await loadDetector(model);
const { categoryIds } = mapClasses(detector.model.classes, dataset.categories);
const paths = dataset.images.map(({ fileName }) => join(dataset.imageFolder, fileName));

const found = new DetectionList();
// Classes that the data lacks would take places among the best detections.
const classes = detector.model.classes.filter((_, id) => categoryIds[id] !== undefined);
const options = { scoreThreshold: 0.001, maxDetections: 100, classes, clip: false };
let place = 0;
for await (const { result, error } of detectMany(detector, paths, options)) {
  const { id } = dataset.images[place++]!;
  if (error) console.error(error.message);
  for (const { classId, box, score } of result?.detections ?? []) {
    const categoryId = categoryIds[classId];
    if (categoryId !== undefined) found.add(id, categoryId, box, score);
  }
}
console.log(evaluateDetections(dataset, found).metrics);
