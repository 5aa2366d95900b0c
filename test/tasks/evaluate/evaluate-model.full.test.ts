import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { evaluateModel } from '../../../src/tasks/evaluate/evaluate-model.ts';
import { dataFolder, describeWithData } from '../../data-folder.ts';

describeWithData('the Nano model on coco-mini/val, against OpenCV and pycocotools', () => {
  const file = (path: string) => join(dataFolder!, path);
  const modes = [
    ['stretch', 320],
    ['stretch', 416],
    ['letterbox', 320],
    ['letterbox', 416],
  ] as const;

  test.for(modes)('%s %i: the twelve numbers agree within 0.002', async ([resize, size]) => {
    const reference = JSON.parse(readFileSync(file('darknet/reference.json'), 'utf8'));
    const expected: Record<string, number> = reference.coco_val[`${resize} ${size}`];
    const model = file('darknet/MobileNetV2-YOLOv3-Nano-coco.cfg');
    const { metrics } = await evaluateModel({ model, data: file('coco-mini/val.json'), resize, size });
    for (const [name, value] of Object.entries(metrics)) {
      expect(Math.abs(value - expected[name]!), `${name} ${value}`).toBeLessThan(0.002);
    }
  });
});
