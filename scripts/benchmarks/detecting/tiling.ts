/**
 * What tiles gain: COCO's AP on mosaics of 6000×4000 pixels made of a data set's photos, without and with tiles; and time
 * and memory for a photo of 100 megapixels. Each measurement runs in a separate process.
 *
 *     npx tsx scripts/benchmarks/detecting/tiling.ts MODEL DATA [MOSAICS] [--threads 2]
 */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { loadDataset } from '../../../src/datasets/open/description.ts';
import { loadDetector } from '../../../src/detection/detector.ts';
import { evaluateModel } from '../../../src/tasks/evaluate/evaluate-model.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string', default: '2' }, tile: { type: 'string' }, photo: { type: 'string' } },
});
const [model, data, written = '2'] = positionals;
if (model === undefined || data === undefined) throw new Error('expected MODEL DATA');
const threads = Number(values.threads);
const peak = () => `peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`;

/** AP on the mosaics; without a tile size (0), only on whole photos. */
async function measureAp(tile: number): Promise<void> {
  const options = { model: model!, data: data!, threads, maxDetections: 1000 };
  const { metrics, seconds } = await evaluateModel({ ...options, tile: tile === 0 ? undefined : tile });
  const [AP, small] = [metrics.AP, metrics.APsmall].map((value) => (100 * value).toFixed(2));
  const time = `${seconds.detecting.toFixed(1)} s`;
  console.log(`tile ${tile === 0 ? 'none' : tile}: AP ${AP}, small ${small}, ${time}, ${peak()}`);
}

async function measurePhoto(photo: string): Promise<void> {
  await using detector = await loadDetector(model!, { threads });
  const started = performance.now();
  const found = await detector.detect(photo, { tile: 640 });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`100 megapixels: ${found.length} objects, ${seconds} s, ${peak()}`);
}

/** Runs this script again, for one measurement. */
function measure(on: string, ...flags: readonly string[]): void {
  const args = [...process.execArgv, import.meta.filename, model!, on, `--threads=${threads}`, ...flags];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`a measurement ended with ${status}`);
}

async function measureAll(): Promise<void> {
  const [WIDTH, HEIGHT, CELL] = [6000, 4000, 640];
  const [columns, rows] = [Math.floor(WIDTH / CELL), Math.floor(HEIGHT / CELL)];
  const dataset = await loadDataset(data!);
  const { count, images: ofImages, categories, boxes, areas, crowd } = dataset.annotations;
  const folder = temporaryFolder('tiling');
  const images: object[] = [];
  const annotations: object[] = [];
  for (let mosaic = 0; mosaic < Number(written); mosaic++) {
    const name = `mosaic-${mosaic}.jpg`;
    const first = mosaic * columns * rows;
    const parts = dataset.images.slice(first, first + columns * rows);
    const layers = parts.map(({ fileName }, place) => ({
      input: join(dataset.imageFolder, fileName),
      left: CELL * (place % columns),
      top: CELL * Math.floor(place / columns),
    }));
    const gray = { create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#808080' } } as const;
    await sharp(gray).composite(layers).jpeg({ quality: 92 }).toFile(join(folder, name));
    images.push({ id: mosaic + 1, file_name: name, width: WIDTH, height: HEIGHT });
    for (const place of parts.keys()) {
      for (let row = 0; row < count; row++) {
        if (ofImages[row] !== first + place) continue;
        const [left, top, width, height] = boxes.subarray(4 * row, 4 * row + 4);
        annotations.push({
          id: annotations.length + 1,
          image_id: mosaic + 1,
          category_id: dataset.categories[categories[row]!]!.id,
          bbox: [left! + layers[place]!.left, top! + layers[place]!.top, width!, height!],
          area: areas[row]!,
          iscrowd: crowd[row]!,
        });
      }
    }
  }
  const truth = join(folder, 'truth.json');
  await writeFile(truth, JSON.stringify({ images, annotations, categories: dataset.categories }));
  for (const tile of [0, 640]) measure(truth, `--tile=${tile}`);

  const large = join(folder, 'large.jpg');
  await sharp(join(folder, 'mosaic-0.jpg')).resize(12_500, 8000, { fit: 'fill' }).jpeg().toFile(large);
  measure(data!, `--photo=${large}`);
}

if (values.tile !== undefined) await measureAp(Number(values.tile));
else if (values.photo !== undefined) await measurePhoto(values.photo);
else await measureAll();
