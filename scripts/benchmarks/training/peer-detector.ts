/**
 * Trains micro-yolo and Ultralytics's yolov8n from scratch on coco-mini, simultaneously for the same minutes, one core each,
 * and evaluates both on the validation images, each with its own code.
 * `npx tsx scripts/benchmarks/training/peer-detector.ts [MINUTES] [--save]`, with `PYTHON` a Python that
 * has the package ultralytics; --save writes results/peer-detector.json.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { convertDataset } from '../../../src/api/datasets.ts';
import { evaluateModel } from '../../../src/api/index.ts';
import { readCheckpoint } from '../../../src/api/training.ts';
import { dataPath } from '../../data-folder.ts';
import { numbers } from '../../numbers.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { python } from '../peer.ts';
import { saveResults } from '../results.ts';
import { keptRunsAtOnce } from './kept-runs-at-once.ts';

const [minutes] = numbers(45);
const DATA = dataPath('coco-mini');
const SIZE = 320;
/** For each of the two. */
const THREADS = 1;
/** Its automatic choice for this data, AdamW at 0.00012, learns hardly anything in this time (AP50 0.1 %). */
const PEER = { model: 'yolov8n.yaml', batch: 16, optimizer: 'SGD', learningRate: 0.01 };
const peerScript = fileURLToPath(new URL('../../peers/ultralytics_training.py', import.meta.url));

async function trainPeer(folder: string): Promise<Record<string, number>> {
  const data = join(folder, 'data');
  await convertDataset({ data: DATA, to: 'yolo', out: data });
  const { model, batch, optimizer, learningRate } = PEER;
  const options = [model, minutes, SIZE, batch, optimizer, learningRate, THREADS, folder];
  const args = [join(data, 'data.yaml'), ...options].map(String);
  const { stdout } = await promisify(execFile)(python, [peerScript, ...args], { maxBuffer: 2 ** 28 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

async function trainOurs(): Promise<Record<string, number>> {
  const settings = {
    ...{ data: DATA, model: 'micro-yolo', size: SIZE, maxMinutes: minutes, evaluateEvery: 0 },
    optimizer: { learningRate: 0.003 },
    // Small inputs give more steps per minute. Most objects are small, so they are shown enlarged and not in mosaics.
    multiScale: { sizes: [192, 224, 256], every: 500 },
    augmentation: { mosaic: 0.25, scale: [0.7, 2] as [number, number] },
  };
  // A fresh name: an existing run would leave the machine to the peer.
  const [run] = await keptRunsAtOnce({ [`peer-detector-${Date.now()}`]: settings });
  const { metrics } = await evaluateModel({ model: join(run!, 'last.safetensors'), data: DATA });
  const { history } = (await readCheckpoint(run!)).run;
  return { AP: metrics.AP, AP50: metrics.AP50, epochs: history.length };
}

const folder = temporaryFolder('peer');
const [ours, peer] = await Promise.all([trainOurs(), trainPeer(folder)]);
console.table({ 'micro-yolo': ours, [PEER.model]: peer });
console.log(`AP50: ${(ours['AP50']! / peer['AP50']!).toFixed(2)} × the peer's`);
saveResults('peer-detector', { minutes, threads: THREADS, size: SIZE, ours, peer: { ...PEER, ...peer } });
