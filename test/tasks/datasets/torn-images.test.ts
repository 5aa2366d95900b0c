import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { checkDataset } from '../../../src/tasks/datasets/check/check-dataset.ts';
import { showDataset } from '../../../src/tasks/datasets/show-dataset.ts';
import { evaluateModel } from '../../../src/tasks/evaluate/evaluate-model.ts';
import { noisePicture } from '../../image/pictures.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
const data = join(folder, 'val.json');

/** One complete image, and two whose files lack their last two bytes. */
beforeAll(async () => {
  const names = ['whole.jpg', 'torn.jpg', 'torn-too.jpg'];
  for (const [index, name] of names.entries()) {
    const bytes = await noisePicture(90 + index, 60)
      .jpeg()
      .toBuffer();
    await writeFile(join(folder, name), index === 0 ? bytes : bytes.subarray(0, -2));
  }
  const images = names.map((file_name, index) => ({
    id: index + 1,
    file_name,
    width: 90 + index,
    height: 60,
  }));
  const annotations = images.map(({ id }) => ({ id, image_id: id, category_id: 1, bbox: [5, 5, 30, 30] }));
  await writeFile(data, JSON.stringify({ images, annotations, categories: [{ id: 1, name: 'circle' }] }));
});

test('a check finds each truncated image', async () => {
  const { findings } = await checkDataset({ data: [data] });
  const torn = findings.find(({ kind }) => kind === 'torn-image');
  expect(torn).toMatchObject({ severity: 'warning', count: 2 });
  expect(torn?.places[0]?.place).toMatch(/torn\.jpg$/);
});

test('an evaluation says in one line that it used truncated images', async () => {
  const model = join(folder, 'tiny.safetensors');
  await writeModel(model, tinyModel());
  const { notes } = await evaluateModel({ data, model });
  expect(notes.filter((note) => note.includes('truncated'))).toEqual([
    expect.stringMatching(/^torn\.jpg: the file is truncated, .* \(and 1 more image like it\)$/),
  ]);
});

test('a contact sheet says so too', async () => {
  const { images, notes } = await showDataset({ data, out: join(folder, 'sheet.png'), cell: 80 });
  expect(images).toBe(3);
  expect(notes).toEqual([expect.stringMatching(/^torn\.jpg: the file is truncated, .* like it\)$/)]);
});
