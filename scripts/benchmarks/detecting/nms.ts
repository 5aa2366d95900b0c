/**
 * What each kind of non-maximum suppression gives: COCO's AP on a data set.
 *
 *     npx tsx scripts/benchmarks/detecting/nms.ts MODEL DATA [--threads 1] > results.md
 */
import { parseArgs } from 'node:util';
import { evaluateModel, NMS_METHODS } from '../../../src/index.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string', default: '1' } },
});
const [model, data] = positionals;
if (model === undefined || data === undefined) throw new Error('expected MODEL DATA');

/** Each method at the usual threshold, and at those around it. */
const THRESHOLDS = [0.45, 0.6, 0.7];
const percent = (value: number) => (100 * value).toFixed(2);

console.log('| --nms | --iou | AP | AP50 | AP75 | small | AR100 |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const nms of NMS_METHODS) {
  // The Gaussian decay has no threshold.
  for (const iouThreshold of nms === 'soft-gaussian' ? THRESHOLDS.slice(0, 1) : THRESHOLDS) {
    const { metrics } = await evaluateModel({
      model,
      data,
      nms,
      iouThreshold,
      threads: Number(values.threads),
    });
    const figures = [metrics.AP, metrics.AP50, metrics.AP75, metrics.APsmall, metrics.AR100];
    console.log(`| ${nms} | ${iouThreshold} | ${figures.map(percent).join(' | ')} |`);
  }
}
