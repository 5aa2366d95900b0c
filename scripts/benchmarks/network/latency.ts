/**
 * How well the table of measured operations predicts a network's time: predicted against measured milliseconds of every
 * detector in the registry and of heads on other backbones, one thread, 320 px.
 * `npx tsx scripts/benchmarks/network/latency.ts [RUNS] [--save]`; --save writes results/latency.json. On a busy machine neither
 * number means much: run it alone.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDetector, type DetectorSpecifier, detectorNames } from '../../../src/network/registry.ts';
import { LatencyMeter } from '../../../src/tasks/latency/meter.ts';
import { numbers } from '../../numbers.ts';
import { saveResults } from '../results.ts';

const SIDE = 320;
const NAMES: readonly DetectorSpecifier[] = [
  ...detectorNames,
  ...(
    ['mobilenet-v2', 'mobilenet-v3-large', 'shufflenet-v2', 'ghostnet', 'efficientnet-b0'] as const
  ).flatMap((backbone) => [`${backbone}/yolo-tiny-dsconv` as const, `${backbone}/pan` as const]),
];
/** Largest accepted error of a prediction, relative to the measured time. */
const WITHIN = 0.1;

const [runs] = numbers(100);
const tables = await mkdtemp(join(tmpdir(), 'micro-yolo-latency-'));
try {
  const meter = await LatencyMeter.open({ threads: 1, tables });
  const networks = [];
  for (const name of NAMES) {
    const network = buildDetector(name, { size: SIDE });
    const predicted = await meter.predict(network);
    const measured = await meter.measure({ network }, runs);
    networks.push({ name, predicted, measured, ratio: predicted / measured });
    console.log(`${name}: ${predicted.toFixed(2)} ms predicted, ${measured.toFixed(2)} ms measured`);
  }
  const off = networks.filter(({ ratio }) => Math.abs(ratio - 1) > WITHIN).map(({ name }) => name);
  console.table(networks);
  console.log(off.length === 0 ? 'all within 10 %' : `more than 10 % off: ${off.join(', ')}`);
  saveResults('latency', { side: SIDE, threads: 1, networks });
} finally {
  await rm(tables, { recursive: true });
}
