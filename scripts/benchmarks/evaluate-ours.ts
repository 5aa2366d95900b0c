/** One COCO evaluation with this library, printed in the same form as by evaluate_peer.py. */
import { readCoco } from '../../src/datasets/formats/coco/read.ts';
import { evaluateDetections } from '../../src/evaluation/report.ts';
import { readResults } from '../../src/evaluation/results/file.ts';

const [truth, detections] = process.argv.slice(2);
const start = performance.now();
const report = evaluateDetections(await readCoco(truth!), await readResults(detections!));
const seconds = (performance.now() - start) / 1000;
const peak = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ seconds, peak, metrics: Object.values(report.metrics) }));
