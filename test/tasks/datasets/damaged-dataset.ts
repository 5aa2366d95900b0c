import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../../src/foundation/files/folders.ts';
import { writePicture } from '../../../src/image/encode.ts';
import { whiteRectangle } from '../../image/pictures.ts';

/** Writes `train.json` and `val.json` with their images, which have every fault that the check can find. */
export async function writeDamagedDataset(folder: string): Promise<void> {
  await makeFolder(join(folder, 'train'));
  await makeFolder(join(folder, 'val'));
  const inTrain = (name: string) => join(folder, 'train', name);
  await writePicture(inTrain('good.png'), whiteRectangle(64, 48, [4, 4, 20, 20]));
  await writePicture(inTrain('smaller.png'), whiteRectangle(60, 40, [4, 4, 20, 20]));
  await writePicture(inTrain('background.png'), whiteRectangle(64, 48, [9, 9, 3, 3]));
  await writeFile(inTrain('broken.jpg'), 'no image');
  await copyFile(inTrain('good.png'), join(folder, 'val', 'renamed.png'));

  const image = (id: number, file_name: string) => ({ id, file_name, width: 64, height: 48 });
  const annotation = (id: number, image_id: number, bbox: unknown, category_id = 3) => ({
    id,
    image_id,
    category_id,
    bbox,
  });
  const categories = [
    { id: 3, name: 'dog' },
    { id: 7, name: 'cat' },
  ];
  const train = {
    images: ['good.png', 'smaller.png', 'background.png', 'broken.jpg', 'gone.jpg'].map((name, index) =>
      image(index + 1, name),
    ),
    categories,
    annotations: [
      annotation(1, 1, [4, 4, 20, 20]),
      annotation(2, 1, [50, 30, 40, 10], 7),
      annotation(3, 1, [4, 4, 20, 20]),
      annotation(4, 1, [4, 4, 0, 20]),
      annotation(5, 1, [4, 4, -5, 20]),
      annotation(6, 1, [4, 4, null, 20]),
      annotation(7, 1, [4, 4, 9, 20], 99),
      annotation(1, 1, [8, 8, 9, 9]),
      annotation(8, 2, [10, 10, 54, 38]),
      annotation(9, 4, [4, 4, 20, 20]),
      annotation(10, 5, [4, 4, 20, 20]),
      annotation(11, 77, [4, 4, 20, 20]),
      annotation(12, 2, [99, 99, 5, 5]),
    ],
  };
  const val = {
    images: [image(1, 'renamed.png')],
    categories,
    annotations: [annotation(1, 1, [4, 4, 20, 20])],
  };
  await writeFile(join(folder, 'train.json'), JSON.stringify(train));
  await writeFile(join(folder, 'val.json'), JSON.stringify(val));
}
