/**
 * Detection end to end, from a file on disk to boxes, compared with OpenCV's DNN module in Python: the Nano model
 * on a small photo and on one of 12 megapixels. Compares results first, then times both alternately.
 * `npx tsx scripts/benchmarks/detect.ts [ROUNDS] [--save]`; PYTHON names a Python with opencv-python < 4.12.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { type Detection, loadDetector, loadModel } from '../../src/api/index.ts';
import { dataPath } from '../data-folder.ts';
import { numbers } from '../numbers.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { alternate, median, medianRatio, type Timings } from './alternate.ts';
import { python } from './peer.ts';
import { saveResults } from './results.ts';

const [rounds] = numbers(30);
const cfg = dataPath('darknet/MobileNetV2-YOLOv3-Nano-coco.cfg');
const small = dataPath('photos/dog.jpg');
const large = join(temporaryFolder('detect'), 'large.jpg');
await sharp(small).resize(4000, 3000, { fit: 'fill' }).jpeg({ quality: 90 }).toFile(large);
const photos = [small, large];

const script = fileURLToPath(new URL('opencv_detect.py', import.meta.url));
const peer = spawn(python, [script, cfg, cfg.replace('.cfg', '.weights'), ...photos], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const answers = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
async function opencv(
  photo: number,
): Promise<{ ms: number; detections: Pick<Detection, 'classId' | 'score' | 'box'>[] }> {
  peer.stdin.write(`${photo}\n`);
  return JSON.parse((await answers.next()).value);
}

const { model } = await loadModel(cfg);
await using bilinear = await loadDetector(model);
await using area = await loadDetector({ ...model, recipe: { ...model.recipe, resampling: 'area' } });

const measured: { photo: string; contenders: { name: string; ms: number; ratio: number }[] }[] = [];
for (const [index, path] of photos.entries()) {
  const [ours, theirs] = [await bilinear.detect(path), (await opencv(index)).detections];
  const agree =
    ours.length === theirs.length &&
    ours.every(
      ({ classId, score }, i) => classId === theirs[i]!.classId && Math.abs(score - theirs[i]!.score) < 0.005,
    );
  if (!agree) throw new Error(`${path}: ${JSON.stringify(ours)} against ${JSON.stringify(theirs)}`);
  const timings: Timings = await alternate(
    [
      { name: 'OpenCV (Python)', run: () => opencv(index) },
      { name: 'ours, bilinear', run: () => bilinear.detect(path) },
      { name: 'ours, area', run: () => area.detect(path) },
    ],
    rounds,
  );
  const photo = index === 0 ? 'dog.jpg, 768×576' : 'the same, 4000×3000';
  console.log(photo);
  const contenders = [...timings].map(([name, times]) => {
    const [ms, ratio] = [median(times), medianRatio(timings, 'OpenCV (Python)', name)];
    console.log(
      `  ${name.padEnd(16)} ${ms.toFixed(1).padStart(6)} ms   ${ratio.toFixed(2)} × as fast as OpenCV`,
    );
    return { name, ms, ratio };
  });
  measured.push({ photo, contenders });
}
const boxes: number[] = [];
for (let i = 0; i < rounds; i++) boxes.push((await bilinear.inspect(small)).timings.boxes);
console.log(`head decoding and NMS: ${median(boxes).toFixed(3)} ms at the default threshold`);
saveResults('detect', { photos: measured, boxesMs: median(boxes) });
peer.kill();
