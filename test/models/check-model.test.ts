import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDetector } from '../../src/detection/detector.ts';
import { writeModel } from '../../src/models/formats/safetensors/model-file.ts';
import type { Model } from '../../src/models/model.ts';
import { temporaryFolder } from '../temporary-files.ts';
import { tinyModel } from './tiny-model.ts';

const folder = temporaryFolder();

function without(name: string): Model {
  const model = tinyModel();
  return { ...model, weights: new Map([...model.weights].filter(([key]) => key !== name)) };
}

test.for([
  [
    'without a tensor',
    without('logits.weight'),
    /tensor logits\.weight is missing, but its network expects \[14, 16, 1, 1\]/,
  ],
  [
    'with one of another shape',
    {
      ...tinyModel(),
      weights: new Map(tinyModel().weights).set('logits.bias', { shape: [7], data: new Float32Array(7) }),
    },
    /tensor logits\.bias is \[7\], but its network expects \[14\]/,
  ],
  [
    'with too few class names',
    { ...tinyModel(), classes: ['circle'] },
    /1 class names, but its network has 2/,
  ],
] as const)('a model in memory %s is neither run nor written', async ([, model, message]) => {
  await expect(loadDetector(model)).rejects.toThrow(message);
  const written = writeModel(join(folder, 'model.safetensors'), model);
  await expect(written).rejects.toMatchObject({ name: 'MicroYoloError' });
});
