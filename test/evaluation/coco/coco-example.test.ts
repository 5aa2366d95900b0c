import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCoco } from '../../../src/datasets/formats/coco/read.ts';
import { evaluateDetections } from '../../../src/evaluation/report.ts';
import { readResults } from '../../../src/evaluation/results/file.ts';
import { dataFolder, describeWithData } from '../../data-folder.ts';

describeWithData("the COCO API's own example", () => {
  test('the twelve numbers equal the published ones to ten digits', async () => {
    const folder = join(dataFolder!, 'cocoeval');
    const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
    const dataset = await readCoco(join(folder, expected.groundTruth));
    const { metrics } = evaluateDetections(dataset, await readResults(join(folder, expected.detections)));
    expect(Object.keys(metrics)).toEqual(Object.keys(expected.bbox));
    for (const [name, value] of Object.entries(metrics)) {
      expect(Math.abs(value - expected.bbox[name]), name).toBeLessThan(1e-9);
    }
  });
});
