import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadDetector } from '../../src/inference/detector.ts';
import { DEFAULT_MODEL, SHIPPED_MODELS, shippedModelPath } from '../../src/model/shipped.ts';

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

test.each(SHIPPED_MODELS)('%s is there, with its card', (name) => {
  expect(shippedModelPath(name)).toBe(root(`models/${name}.safetensors`));
  expect(existsSync(root(`models/${name}.safetensors`))).toBe(true);
  expect(existsSync(root(`models/${name}.md`))).toBe(true);
});

test('the default model counts the cells of the drawn smear', async () => {
  await using detector = await loadDetector(DEFAULT_MODEL);
  const found = await detector.detect(root('docs/images/cells.jpg'), { scoreThreshold: 0.5 });
  const count = (label: string) => found.filter((one) => one.label === label).length;
  // As scripts/draw-cells.ts drew them.
  expect([count('RBC'), count('WBC'), count('Platelets')]).toEqual([13, 1, 3]);
});
