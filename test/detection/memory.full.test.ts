import { expect, test } from 'vitest';
import { loadDetector } from '../../src/detection/detector.ts';
import { noisePicture } from '../image/pictures.ts';
import { tinyModel } from '../models/tiny-model.ts';

const MiB = 2 ** 20;

test('memory stays flat over 1,000 images after the first 200', async () => {
  const sizes = [
    [640, 480],
    [500, 333],
    [1024, 768],
    [320, 640],
  ] as const;
  const photos = await Promise.all(
    sizes.map(([width, height]) => noisePicture(width, height).jpeg().toBuffer()),
  );
  await using detector = await loadDetector(tinyModel());
  const resident: number[] = [];
  for (let i = 0; i < 1000; i++) {
    await detector.detect(photos[i % photos.length]!, { scoreThreshold: 0 });
    if (i % 50 === 49) resident.push(process.memoryUsage().rss / MiB);
  }
  // A leaked image would add up to 800 × 1 MiB; the runtimes' pools vary by a few MiB.
  const [early, late] = [Math.max(...resident.slice(4, 8)), Math.min(...resident.slice(-4))];
  expect(late - early).toBeLessThan(40);
});

test('a disposed detector leaves nothing of its network behind', async () => {
  const model = tinyModel();
  const load = async (times: number) => {
    for (let i = 0; i < times; i++) {
      await using detector = await loadDetector(model, { size: 256 });
      await detector.run(new Uint8Array(256 * 256 * 3));
    }
    return process.memoryUsage().rss / MiB;
  };
  const before = await load(20);
  expect((await load(60)) - before).toBeLessThan(60);
});
