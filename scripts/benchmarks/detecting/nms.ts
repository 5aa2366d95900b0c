/**
 * What each kind of non-maximum suppression gains: COCO's AP on a data set, as a table. The network runs once per image.
 *
 *     npx tsx scripts/benchmarks/detecting/nms.ts MODEL DATA [--threads 1] > table.md
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { NMS_METHODS } from '../../../src/boxes/nms/methods.ts';
import { suppress } from '../../../src/boxes/nms/suppress.ts';
import { loadDataset } from '../../../src/datasets/open/description.ts';
import { loadDetector } from '../../../src/detection/detector.ts';
import { settingsOf } from '../../../src/detection/options.ts';
import { detectionsOf, readCandidates } from '../../../src/detection/read-boxes.ts';
import { mapClasses } from '../../../src/evaluation/class-mapping.ts';
import { DetectionList } from '../../../src/evaluation/detection-list.ts';
import { evaluateDetections } from '../../../src/evaluation/report.ts';
import { toOriginal } from '../../../src/image/letterbox.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string', default: '1' } },
});
const [source, data] = positionals;
if (source === undefined || data === undefined) throw new Error('expected MODEL DATA');

/** The usual threshold and its neighbors. The Gaussian decay has none. */
const THRESHOLDS = [0.45, 0.6, 0.7];
const variants = NMS_METHODS.flatMap((nms) =>
  (nms === 'soft-gaussian' ? THRESHOLDS.slice(0, 1) : THRESHOLDS).map((iouThreshold) => ({
    nms,
    iouThreshold,
    found: new DetectionList(),
  })),
);

const dataset = await loadDataset(data);
await using detector = await loadDetector(source, { threads: Number(values.threads) });
const { model, decoder } = detector;
const { categoryIds } = mapClasses(model.classes, dataset.categories);
const scoreThreshold = decoder.evaluationThreshold;
const settings = settingsOf({ scoreThreshold, multiLabel: true, clip: false }, decoder);
for (const { id, fileName } of dataset.images) {
  const prepared = await detector.prepare(join(dataset.imageFolder, fileName));
  const { runs } = await detector.runsOf([prepared]);
  const candidates = readCandidates(runs[0]!.outputs, prepared, decoder, model.classes, settings);
  for (const { nms, iouThreshold, found } of variants) {
    const kept = suppress(candidates, nms, { iouThreshold, maxDetections: 100, scoreThreshold });
    const toPhoto = (box: Parameters<typeof toOriginal>[0]) => toOriginal(box, prepared.placement);
    for (const { classId, box, score } of detectionsOf(kept, model.classes, toPhoto, undefined)) {
      const category = categoryIds[classId];
      if (category !== undefined) found.add(id, category, box, score);
    }
  }
}

const percent = (value: number) => (100 * value).toFixed(2);
console.log('| --nms | --iou | AP | AP50 | AP75 | small | AR100 |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const { nms, iouThreshold, found } of variants) {
  const { metrics } = evaluateDetections(dataset, found);
  const figures = [metrics.AP, metrics.AP50, metrics.AP75, metrics.APsmall, metrics.AR100];
  const threshold = nms === 'soft-gaussian' ? '' : iouThreshold;
  console.log(`| ${nms} | ${threshold} | ${figures.map(percent).join(' | ')} |`);
}
