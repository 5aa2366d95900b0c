import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCoco } from '../../../src/datasets/formats/coco/read.ts';
import { evaluationInput } from '../../../src/evaluation/input.ts';
import { readResults } from '../../../src/evaluation/results/file.ts';
import { evaluateTide, type TideReport } from '../../../src/evaluation/tide/tide.ts';
import { evaluateModel } from '../../../src/tasks/evaluate/evaluate-model.ts';
import { describeWithData } from '../../data-folder.ts';

const goldens: Readonly<Record<string, TideReport>> = JSON.parse(
  readFileSync(new URL('fixtures/coco-mini.json', import.meta.url), 'utf8'),
);
const MODELS = {
  nano: 'darknet/MobileNetV2-YOLOv3-Nano-coco.cfg',
  yolox_nano: 'teachers/yolox_nano.onnx',
};

describeWithData('TIDE on coco-mini/val', (folder) => {
  test.for(Object.entries(MODELS))('the costs of %s equal those of tidecv', async ([name, model]) => {
    const out = mkdtempSync(join(tmpdir(), 'tide-'));
    try {
      const data = join(folder, 'coco-mini/val.json');
      const saveJson = join(out, 'detections.json');
      await evaluateModel({ model: join(folder, model), data, saveJson });
      const found = evaluateTide(evaluationInput(await readCoco(data), await readResults(saveJson)));
      const { AP, errors } = goldens[name]!;
      expect(found.AP).toBeCloseTo(AP, 6);
      for (const [at, { kind, cost }] of errors.entries())
        expect(found.errors[at]!.cost, kind).toBeCloseTo(cost, 6);
    } finally {
      rmSync(out, { recursive: true });
    }
  });
});
