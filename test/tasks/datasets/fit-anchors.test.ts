import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fitAnchors } from '../../../src/tasks/datasets/fit-anchors.ts';
import { synthesizeDataset } from '../../../src/tasks/datasets/synthesize-dataset.ts';
import { describeWithData } from '../../data-folder.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();

test('anchors for shapes are nearly square and fit better than the usual ones', async () => {
  const out = join(folder, 'shapes');
  await synthesizeDataset({ out, train: 40, val: 0, size: 320 });
  const report = await fitAnchors({ data: [join(out, 'train.json')], size: 320 });
  expect(report.found.anchors).toHaveLength(6);
  expect(report.found.meanIou).toBeGreaterThan(report.current.meanIou);
  expect(report.current.anchors[5]).toEqual([265, 245]);
});

describeWithData('on COCO photos', (data) => {
  test('the anchors found fit better than the usual ones', async () => {
    const { found, current, boxes } = await fitAnchors({ data: [join(data, 'coco-mini/val.json')] });
    expect(boxes).toBe(3837);
    expect(found.meanIou).toBeGreaterThan(current.meanIou);
    expect(found.recall).toBeGreaterThan(current.recall);
  });
});
