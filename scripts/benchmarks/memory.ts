/**
 * Memory over 1,000 images in one run: resident set size every hundred images.
 * `npx tsx scripts/benchmarks/memory.ts [IMAGES]`
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadDetector } from '../../src/api/index.ts';
import { dataPath } from '../data-folder.ts';
import { numbers } from '../numbers.ts';

const folder = dataPath('coco-mini/train');
const images = readdirSync(folder).map((name) => join(folder, name));
const [count] = numbers(1000);
await using detector = await loadDetector(dataPath('darknet/MobileNetV2-YOLOv3-Nano-coco.cfg'));
for (let i = 0; i < count; i++) {
  await detector.detect(images[i % images.length]!);
  if ((i + 1) % 100 === 0) {
    const { rss, heapUsed } = process.memoryUsage();
    console.log(
      `${String(i + 1).padStart(5)} images: ${(rss / 2 ** 20).toFixed(0)} MiB resident, ${(heapUsed / 2 ** 20).toFixed(0)} MiB heap`,
    );
  }
}
