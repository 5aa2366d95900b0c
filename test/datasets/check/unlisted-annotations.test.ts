import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkUnlistedAnnotations } from '../../../src/datasets/check/unlisted-annotations.ts';
import { openDataset } from '../../../src/datasets/open/description.ts';
import { temporaryFolder, writeDeep } from '../../temporary-files.ts';

async function vocFolder(lists: Readonly<Record<string, string>>): Promise<string> {
  const folder = temporaryFolder();
  for (const name of ['a', 'b', 'c', 'd'])
    await writeDeep(join(folder, `Annotations/${name}.xml`), '<annotation/>');
  for (const [name, text] of Object.entries(lists)) {
    await writeDeep(join(folder, `ImageSets/Main/${name}.txt`), text);
  }
  return folder;
}

test('counts XML files that no list names, and names the first', async () => {
  const folder = await vocFolder({ train: 'a\n', val: 'b\n' });
  const source = await openDataset(folder);
  expect(await checkUnlistedAnnotations([source, source])).toEqual([
    {
      kind: 'unlisted-annotations',
      place: join(folder, 'Annotations'),
      message: '2 XML files are in no list of ImageSets/Main; the first is c.xml',
      count: 2,
    },
  ]);
});

test('also counts those of a folder in a description', async () => {
  const folder = await vocFolder({ train: 'a\nb\nc\n' });
  const path = join(folder, 'data.yaml');
  await writeDeep(path, 'path: .\nformat: voc\nclasses: [cat]\nsplits: { train: { set: train } }\n');
  expect(await checkUnlistedAnnotations([await openDataset(path)])).toMatchObject([
    { message: '1 XML file is in no list of ImageSets/Main; the first is d.xml' },
  ]);
});

test('lists of one class count; a folder without lists has no unlisted files', async () => {
  const whole = await vocFolder({ train: 'a\nb\n', cat_test: 'c 1\nd -1\n' });
  expect(await checkUnlistedAnnotations([await openDataset(whole)])).toEqual([]);
  expect(await checkUnlistedAnnotations([await openDataset(await vocFolder({}))])).toEqual([]);
});
