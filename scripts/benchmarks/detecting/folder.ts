/**
 * A folder of photos, compared with OpenCV's DNN module in Python: images per second, CPU load and memory. All photos are
 * copies of one, and the Nano model detects in them.
 *
 *     npx tsx scripts/benchmarks/detecting/folder.ts [COUNT] [--threads 2]
 *
 * PYTHON names a Python with opencv-python < 4.12, which reads Darknet files. Without it, only this library is timed.
 */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { detectImages } from '../../../src/tasks/detect/detect-images.ts';
import { dataPath } from '../../data-folder.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { python } from '../peer.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string', default: '2' } },
});
const count = Number(positionals[0] ?? 2000);
const threads = Number(values.threads);
const cfg = dataPath('darknet/MobileNetV2-YOLOv3-Nano-coco.cfg');
const folder = temporaryFolder('folder');
const photo = await sharp(dataPath('photos/dog.jpg'))
  .resize(640, 480, { fit: 'fill' })
  .jpeg({ quality: 90 })
  .toBuffer();
for (let i = 0; i < count; i++) await writeFile(join(folder, `${String(i).padStart(6, '0')}.jpg`), photo);

const memory: number[] = [];
let started = 0;
let cpu = process.cpuUsage();
let done = 0;
for await (const event of detectImages({
  images: [folder],
  model: cfg,
  threads,
  jsonl: join(folder, 'found.jsonl'),
})) {
  if (event.type === 'started') {
    started = performance.now();
    cpu = process.cpuUsage();
  }
  if (event.type !== 'detected') continue;
  done++;
  if (done % Math.ceil(count / 10) === 0) memory.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
}
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
const busy = (user + system) / 1e6 / seconds / threads;
console.log(
  `ours: ${(done / seconds).toFixed(1)} images/s, ${(100 * busy).toFixed(0)} % of ${threads} threads busy`,
);
console.log(`CPU time an image: ${((user + system) / 1000 / done).toFixed(2)} ms`);
console.log(`memory in MiB, after each tenth: ${memory.join(', ')}`);

const script = fileURLToPath(new URL('opencv_folder.py', import.meta.url));
const peer = spawnSync(python, [script, cfg, cfg.replace('.cfg', '.weights'), folder, String(threads)], {
  encoding: 'utf8',
});
console.log(
  peer.status === 0 ? peer.stdout.trim() : `OpenCV: ${peer.stderr?.trim().split('\n').at(-1) ?? peer.error}`,
);
