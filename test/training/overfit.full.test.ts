import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NO_AUGMENTATION } from '../../src/augmentation/options.ts';
import { loadDataset } from '../../src/datasets/description.ts';
import { subsetDataset } from '../../src/datasets/subset.ts';
import { DetectionList } from '../../src/evaluation/detection-list.ts';
import { evaluateDetections } from '../../src/evaluation/report.ts';
import { loadDetector } from '../../src/inference/detector.ts';
import { readModel } from '../../src/model/model-file.ts';
import { prepareModel } from '../../src/tasks/train/prepare-model.ts';
import { resolveSettings } from '../../src/tasks/train/settings-file.ts';
import { LAST_FILE } from '../../src/training/run-files.ts';
import { train } from '../../src/training/trainer.ts';
import { describeWithData } from '../data-folder.ts';
import { temporaryFolder } from '../datasets/temporary.ts';

const STEPS = 300;

describeWithData('four photographs learnt by heart', (data) => {
  test.each([1e-3, 4e-3])('reach AP50 1.0 on themselves at a learning rate of %d', async (learningRate) => {
    const whole = await loadDataset(join(data, 'coco-mini/train.json'), {
      imageFolder: join(data, 'coco-mini/train'),
    });
    const dataset = subsetDataset(whole, { classes: ['person', 'dog', 'horse'], images: 4, seed: 9 });
    const settings = resolveSettings(
      {
        data: 'four photographs',
        size: 256,
        batch: 4,
        epochs: STEPS,
        optimizer: { learningRate },
        augmentation: NO_AUGMENTATION,
      },
      'test',
    );
    const start = await prepareModel(settings, dataset, () => {});
    const folder = await temporaryFolder();
    const { steps } = await train({ ...start, settings, dataset, provenance: {}, folder });
    expect(steps).toBe(STEPS);

    await using detector = await loadDetector(await readModel(join(folder, LAST_FILE)));
    const found = new DetectionList();
    for (const { id, fileName } of dataset.images) {
      const source = join(dataset.imageFolder, fileName);
      for (const { classId, box, score } of await detector.detect(source, { scoreThreshold: 0.001 })) {
        found.add(id, dataset.categories[classId]!.id, box, score);
      }
    }
    const { metrics } = evaluateDetections(dataset, found);
    expect(metrics.AP50).toBe(1);
  });
});
