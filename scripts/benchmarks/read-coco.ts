/**
 * Peak memory of reading a COCO file relative to its size: writes one with outlines, then reads it in a separate
 * process.
 * `npx tsx scripts/benchmarks/read-coco.ts [MEGABYTES]`
 */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readCoco } from '../../src/datasets/formats/coco/read.ts';
import { uniformRandom } from '../../src/foundation/random.ts';
import { numbers } from '../numbers.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const ANNOTATIONS_AN_IMAGE = 7;
/** The mean length of COCO's outlines, which makes a record half a kilobyte as in COCO. */
const POINTS = 28;

function imageRecord(id: number): string {
  const fileName = `${String(id).padStart(12, '0')}.jpg`;
  return JSON.stringify({
    license: 3,
    file_name: fileName,
    coco_url: `http://images.cocodataset.org/train2017/${fileName}`,
    height: 480,
    width: 640,
    date_captured: '2013-11-14 11:18:45',
    flickr_url: `http://farm9.staticflickr.com/8186/${id}_78f0d6a43d_z.jpg`,
    id,
  });
}

function annotationRecord(id: number, random: () => number): string {
  const at = (most: number) => Math.round(random() * most * 100) / 100;
  const outline = Array.from({ length: 2 * POINTS }, () => at(600));
  const area = at(10_000);
  const bbox = [at(500), at(300), at(140), at(180)];
  const image_id = Math.floor(id / ANNOTATIONS_AN_IMAGE) + 1;
  return JSON.stringify({ segmentation: [outline], area, iscrowd: 0, image_id, bbox, category_id: 1, id });
}

function writeSample(path: string, megabytes: number): void {
  const random = uniformRandom(1);
  const count = Math.round((megabytes * 1e6) / annotationRecord(1, random).length / 1.1);
  const file = openSync(path, 'w');
  const images = Array.from({ length: Math.ceil((count + 1) / ANNOTATIONS_AN_IMAGE) }, (_, i) =>
    imageRecord(i + 1),
  );
  writeSync(file, `{"info": {}, "images": [${images.join(', ')}], "annotations": [`);
  for (let id = 0; id < count; id++) writeSync(file, `${id > 0 ? ', ' : ''}${annotationRecord(id, random)}`);
  writeSync(file, '], "categories": [{"id": 1, "name": "person"}]}');
  closeSync(file);
}

const READ = '--read';
if (process.argv[2] === READ) {
  const file = process.argv[3]!;
  const started = performance.now();
  const { images, annotations } = await readCoco(file);
  const seconds = (performance.now() - started) / 1000;
  const peak = process.resourceUsage().maxRSS * 1024;
  const bytes = statSync(file).size;
  console.log(
    `${(bytes / 1e6).toFixed(0)} MB, ${images.length} images, ${annotations.count} annotations, read in ` +
      `${seconds.toFixed(1)} s: peak ${(peak / 1e6).toFixed(0)} MB resident, ${(peak / bytes).toFixed(2)} × the file`,
  );
} else {
  const [megabytes] = numbers(200);
  const path = join(temporaryFolder('read-coco'), 'instances.json');
  writeSample(path, megabytes);
  const program = [...process.execArgv, import.meta.filename, READ, path];
  process.stdout.write(execFileSync(process.execPath, program));
}
