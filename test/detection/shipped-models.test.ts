import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { xywhToXyxy } from '../../src/boxes/formats.ts';
import { iou } from '../../src/boxes/iou.ts';
import { loadDetector } from '../../src/detection/detector.ts';
import { DEFAULT_MODEL, modelCatalog, shippedModelPath } from '../../src/models/fetch/catalog.ts';

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const shipped = modelCatalog().flatMap(({ name, file }) => (file === undefined ? [] : [name]));

test.each(shipped)('%s is shipped with its model card', (name) => {
  expect(shippedModelPath(name)).toBe(root(`models/${name}.safetensors`));
  expect(existsSync(root(`models/${name}.safetensors`))).toBe(true);
  expect(existsSync(root(`models/${name}.md`))).toBe(true);
});

test('the default model finds the people in the drawn meadow', async () => {
  await using detector = await loadDetector(DEFAULT_MODEL);
  const found = await detector.detect(root('docs/images/meadow.jpg'), { scoreThreshold: 0.5 });
  // As scripts/pictures/draw-meadow.ts drew them.
  for (const drawn of [
    [320, 178, 90, 252],
    [524, 183, 72, 202],
  ] as const) {
    const overlaps = found.filter(
      ({ label, box }) => label === 'person' && iou(xywhToXyxy(box), xywhToXyxy(drawn)) > 0.5,
    );
    expect(overlaps).toHaveLength(1);
  }
});

test('the blood-cell model counts the cells of the drawn smear', async () => {
  await using detector = await loadDetector('micro-yolo-blood-cells');
  const found = await detector.detect(root('docs/images/cells.jpg'), { scoreThreshold: 0.5 });
  const count = (label: string) => found.filter((one) => one.label === label).length;
  // As scripts/pictures/draw-cells.ts drew them.
  expect([count('RBC'), count('WBC'), count('Platelets')]).toEqual([13, 1, 3]);
});
