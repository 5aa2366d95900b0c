/**
 * Trains micro-yolo and Ultralytics's yolov8n from nothing on coco-mini, for the same minutes on the same cores, one
 * after the other, and measures both on the validation images: each by its own count.
 * `npx tsx scripts/benchmarks/training/peer-detector.ts [MINUTES] [THREADS] [--save]`, with `PYTHON` a Python that
 * has the package ultralytics; --save writes results/peer-detector.json.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { convertDataset, evaluateModel, trainDetector } from '../../../src/index.ts';
import { numbers } from '../../numbers.ts';
import { python } from '../peer.ts';
import { saveResults } from '../results.ts';

const [minutes, threads] = numbers(45, 2);
const DATA = 'datasets/coco-mini.yaml';
const SIZE = 320;
const PEER = { model: 'yolov8n.yaml', batch: 16 };
const peerScript = fileURLToPath(new URL('../../peers/ultralytics_training.py', import.meta.url));

async function trainPeer(folder: string): Promise<Record<string, number>> {
  const data = join(folder, 'data');
  await convertDataset({ input: DATA, to: 'yolo', out: data });
  const args = [join(data, 'data.yaml'), PEER.model, minutes, SIZE, PEER.batch, threads, folder].map(String);
  const { stdout } = await promisify(execFile)(python, [peerScript, ...args], { maxBuffer: 2 ** 28 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

async function trainOurs(): Promise<Record<string, number>> {
  const settings = {
    ...{ data: DATA, model: 'micro-yolo', size: SIZE, maxMinutes: minutes, threads },
    ...{ evaluateEvery: 0, name: 'peer-detector', multiScale: { sizes: [192, 224, 256], every: 500 } },
  };
  const { model, epochs } = await trainDetector({ settings });
  const { metrics } = await evaluateModel({ model, data: DATA });
  return { AP: metrics.AP, AP50: metrics.AP50, epochs };
}

const folder = await mkdtemp(join(tmpdir(), 'micro-yolo-peer-'));
try {
  // Both in one go: equal minutes say nothing across machines of other speeds.
  const ours = await trainOurs();
  const peer = await trainPeer(folder);
  console.table({ 'micro-yolo': ours, [PEER.model]: peer });
  console.log(`AP50: ${(ours['AP50']! / peer['AP50']!).toFixed(2)} × the peer's`);
  saveResults('peer-detector', { minutes, threads, size: SIZE, ours, peer: { ...PEER, ...peer } });
} finally {
  await rm(folder, { recursive: true, force: true });
}
