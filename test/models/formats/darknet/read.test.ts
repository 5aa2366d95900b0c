import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDarknet } from '../../../../src/models/formats/darknet/read.ts';
import { temporaryFolder, writeDeep } from '../../../temporary-files.ts';

const folder = temporaryFolder();
const CFG = `[net]
width=32
height=32
channels=3
[convolutional]
filters=21
size=1
stride=1
activation=linear
[yolo]
mask=0,1,2
anchors=1,2, 3,4, 5,6
classes=2
num=3
`;
/** Version 0.2, and the header counters before the biases and kernels. */
const weights = Buffer.alloc(20 + 4 * (21 + 21 * 3));
weights.writeInt32LE(2, 4);

const cfg = await writeDeep(join(folder, 'pets.cfg'), CFG);
await writeDeep(join(folder, 'pets.weights'), weights);

test('numbers classes without names, with a note', async () => {
  const { model, warnings } = await readDarknet(cfg);
  expect(model.classes).toEqual(['class 0', 'class 1']);
  expect(warnings).toEqual([
    `${cfg}: its 2 classes are numbered, because no .names file with that many names is beside it`,
  ]);
});

test('takes names from the file with the same base name, or else from the first usual file with the right count', async () => {
  await writeDeep(join(folder, 'obj.names'), 'one\n');
  await writeDeep(join(folder, 'coco.names'), 'cat\ndog\n');
  expect(await readDarknet(cfg)).toMatchObject({ model: { classes: ['cat', 'dog'] }, warnings: [] });
  await writeDeep(join(folder, 'pets.names'), 'hen\ncow\n');
  expect((await readDarknet(cfg)).model.classes).toEqual(['hen', 'cow']);
  await rm(join(folder, 'pets.names'));
});

test('a named file must exist and have as many names as there are classes', async () => {
  await expect(readDarknet(cfg, { names: join(folder, 'obj.names') })).rejects.toThrow(/obj\.names: .*1/);
  await expect(readDarknet(cfg, { names: join(folder, 'no.names') })).rejects.toThrow(/no such file/);
});
