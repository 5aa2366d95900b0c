/**
 * What detectors of every family cost at 320 px, and their times on ONNX Runtime, measured alternately.
 * `npx tsx scripts/benchmarks/detectors.ts [ROUNDS] [--save]`; --save writes results/detectors.json and
 * docs/images/detectors.png.
 */
import { compareNetworks } from '../../src/api/models.ts';
import { numbers } from '../numbers.ts';
import { saveResults } from './results.ts';

const SIDE = 320;
const NETWORKS = [
  ...['micro-yolo', 'micro-yolo-plus', 'yolov3-tiny', 'yolo-nano', 'yolo-lite'],
  ...['mobilenet-v1', 'mobilenet-v2', 'mobilenet-v2-improved', 'mobilenet-v3-large', 'mobilenet-v3-small'],
  ...['mnasnet-a1', 'shufflenet-v1', 'shufflenet-v2:1', 'efficientnet-b0', 'efficientnet-lite0', 'ghostnet'],
].map((name, index) => (index < 5 ? name : `${name}/yolo-tiny-dsconv`));

const [rounds] = numbers(20);
const isSaved = process.argv.includes('--save');
const compared = await compareNetworks({
  networks: NETWORKS,
  size: { width: SIDE, height: SIDE },
  rounds,
  chart: isSaved ? 'docs/images/detectors.png' : undefined,
});
const detectors = compared
  .map(({ name, parameters, macs, memoryAccess, activationMemory, milliseconds }) => {
    return {
      name,
      parameters: parameters.trainable,
      macs,
      memoryAccess,
      activationMemory,
      ms: milliseconds!,
    };
  })
  .sort((a, b) => a.ms - b.ms);
console.table(detectors);
saveResults('detectors', { side: SIDE, detectors });
