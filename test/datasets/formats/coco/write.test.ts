import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCoco } from '../../../../src/datasets/formats/coco/read.ts';
import { writeCoco } from '../../../../src/datasets/formats/coco/write.ts';
import { temporaryFolder, writeDeep } from '../../../temporary-files.ts';
import { madeDataset } from '../../made-dataset.ts';

const folder = temporaryFolder();

test('reads back exactly what was written', async () => {
  const coco = {
    info: { year: 2017 },
    licenses: [{ id: 1, name: 'CC' }],
    images: [{ id: 9, file_name: 'a/é.jpg', width: 64, height: 48, license: 1 }],
    annotations: [
      {
        id: 4,
        image_id: 9,
        category_id: 90,
        bbox: [0.1, 2, 3.25, 4],
        area: 7,
        iscrowd: 0,
        segmentation: [[1]],
      },
      {
        id: 3,
        image_id: 9,
        category_id: 1,
        bbox: [5, 6, 7, 8],
        area: 56,
        iscrowd: 1,
        segmentation: { counts: 'a' },
      },
    ],
    categories: [
      { id: 90, name: 'toothbrush', supercategory: 'indoor' },
      { id: 1, name: 'person' },
    ],
    notes: ['kept'],
  };
  const source = await writeDeep(join(folder, 'in.json'), JSON.stringify(coco));
  const copy = join(folder, 'out.json');
  await writeCoco(await readCoco(source), copy);
  expect(JSON.parse(await readFile(copy, 'utf8'))).toEqual(coco);
});

test('writes an empty data set as empty lists', async () => {
  const text = '{"images": [], "annotations": [], "categories": []}';
  const copy = join(folder, 'empty.json');
  await writeCoco(await readCoco(await writeDeep(join(folder, 'nothing.json'), text)), copy);
  expect(JSON.parse(await readFile(copy, 'utf8'))).toEqual({ info: {}, ...JSON.parse(text) });
});

test("other formats' keys do not replace COCO's own", async () => {
  const dataset = madeDataset();
  const [image, ...others] = dataset.images;
  const path = await writeDeep(join(temporaryFolder(), 'extra.json'), '');
  await writeCoco({ ...dataset, images: [{ ...image!, extra: { id: 77, note: 'x' } }, ...others] }, path);
  const read = await readCoco(path);
  expect(read.images[0]).toMatchObject({ id: image!.id, extra: { note: 'x' } });
  expect(read.annotations.count).toBe(dataset.annotations.count);
});
