import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type AnnotationRow, annotationTable, type Dataset } from '../../src/datasets/dataset.ts';
import { analyzeDetections } from '../../src/evaluation/analysis/analyze.ts';
import { DetectionList } from '../../src/evaluation/detection-list.ts';
import { evaluationInput } from '../../src/evaluation/input.ts';
import { evaluateDetections } from '../../src/evaluation/report.ts';
import { uniformRandom } from '../../src/foundation/random.ts';
import { writePicture } from '../../src/image/encode.ts';
import { writeEvaluationReport } from '../../src/reports/evaluation/write-report.ts';
import { temporaryFolder } from '../temporary-files.ts';

const [IMAGES, CLASSES, OBJECTS, NOISE] = [5000, 80, 7, 20];
const SIZE = { width: 640, height: 480 };
const MEGABYTE = 1e6;
const folder = temporaryFolder();
const random = uniformRandom(7);
const whole = (below: number) => Math.floor(random() * below);

/** Noise, which JPEG cannot compress: no photo takes more bytes. Records share the files. */
async function writeNoise(): Promise<readonly string[]> {
  const names = ['a.png', 'b.png', 'c.png'];
  for (const name of names) {
    const data = Uint8Array.from({ length: 3 * SIZE.width * SIZE.height }, () => whole(256));
    await writePicture(join(folder, name), { data, ...SIZE });
  }
  return names;
}

/** Objects of many classes, half of them found, and false detections. */
function drawData(names: readonly string[]) {
  const rows: AnnotationRow[] = [];
  const detections = new DetectionList();
  const box = () => {
    const [width, height] = [10 + whole(300), 10 + whole(300)];
    return [whole(SIZE.width - width), whole(SIZE.height - height), width, height] as const;
  };
  for (let image = 0; image < IMAGES; image++) {
    for (let n = 0; n < OBJECTS; n++) {
      const category = whole(CLASSES);
      const [left, top, width, height] = box();
      rows.push({
        ...{ id: rows.length + 1, image, category, box: [left, top, width, height] },
        ...{ area: width * height, crowd: false },
      });
      if (n % 2 === 0) detections.add(image, category, [left + 2, top, width, height], 0.3 + 0.7 * random());
    }
    for (let n = 0; n < NOISE; n++) detections.add(image, whole(CLASSES), box(), 0.7 * random());
  }
  const dataset: Dataset = {
    images: Array.from({ length: IMAGES }, (_, id) => ({
      id,
      fileName: names[id % names.length]!,
      ...SIZE,
    })),
    categories: Array.from({ length: CLASSES }, (_, id) => ({ id, name: `a class of number ${id}` })),
    annotations: annotationTable(rows),
    imageFolder: folder,
    extra: {},
  };
  return { dataset, detections };
}

test('the page of 5,000 noise images has less than 15 MB', async () => {
  const { dataset, detections } = drawData(await writeNoise());
  const input = evaluationInput(dataset, detections);
  const page = await writeEvaluationReport(
    {
      ...{ model: 'model', data: 'data.json', dataset, input },
      report: evaluateDetections(dataset, detections),
      analysis: analyzeDetections(input, { resamples: 10 }),
    },
    join(folder, 'report'),
  );
  expect(statSync(page).size).toBeGreaterThan(MEGABYTE);
  expect(statSync(page).size).toBeLessThan(15 * MEGABYTE);
}, 300_000);
