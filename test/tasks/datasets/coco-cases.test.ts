import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDataset } from '../../../src/tasks/datasets/check/check-dataset.ts';
import { convertDataset } from '../../../src/tasks/datasets/convert-dataset.ts';
import { evaluateModel } from '../../../src/tasks/evaluate/evaluate-model.ts';
import { openData } from '../../../src/tasks/train/open-data.ts';
import { resolveSettings } from '../../../src/tasks/train/settings-file.ts';
import { describeWithData } from '../../data-folder.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const out = temporaryFolder();

async function trained(data: string) {
  const notes: string[] = [];
  const { train } = await openData(resolveSettings({ data }, 'test'), (note) => notes.push(note));
  return { boxes: train.annotations.count, images: train.images, notes: notes.join('\n') };
}

async function average(data: string, results: string) {
  const notes: string[] = [];
  const { metrics } = await evaluateModel(
    { data, results },
    {
      onEvent: (event) => {
        if (event.type === 'note') notes.push(event.message);
      },
    },
  );
  return { AP: metrics.AP, notes: notes.join('\n') };
}

describeWithData('COCO files as found in practice', (folder) => {
  const file = (path: string) => join(folder, 'cases', path);

  test.for(['train', 'zeros'])('annotation ids of %s.json lose no box', async (name) => {
    const data = file(`annotation-ids/${name}.json`);
    expect(await trained(data)).toMatchObject({
      boxes: 12,
      notes: expect.stringContaining('numbered from 1'),
    });
    const { splits } = await convertDataset({ data, to: 'yolo', out: join(out, name), transfer: 'copy' });
    expect(splits).toMatchObject([{ images: 4, annotations: 12 }]);
  });

  test('an id of 0 costs its box in evaluation until it is fixed', async () => {
    const [data, results] = [file('ids-from-zero/zero.json'), file('ids-from-zero/perfect.json')];
    expect(await average(data, results)).toMatchObject({ notes: expect.stringContaining('--fix') });
    const fix = join(out, 'from-one.json');
    await checkDataset({ data: [data], fix });
    const { AP, notes } = await average(fix, results);
    expect(AP).toBeCloseTo(1, 12);
    expect(notes).not.toContain('id 0');
  });

  test('boxes of joined files stay with their images', async () => {
    const data = file('joined-image-ids/joined.json');
    await expect(trained(data)).rejects.toThrow(/has no images/);
    await expect(checkDataset({ data: [data], fix: join(out, 'joined.json') })).rejects.toThrow(
      /no box would be left/,
    );
  });

  test.for(['ok', 'extra', 'image', 'info'])('NaN in fields of %s.json loses no box', async (name) => {
    expect(await trained(file(`nan-in-unread-fields/${name}.json`))).toMatchObject({ boxes: 2 });
  });

  test('counts boxes outside their images', async () => {
    await expect(trained(file('boxes-outside/train.json'))).rejects.toThrow(/\(2 outside their images\)/);
    expect((await trained(file('boxes-outside/some.json'))).notes).toContain(
      '1 outside their images, 1 under half a pixel',
    );
  });

  test('takes sizes from the images, and evaluation needs none', async () => {
    const data = file('coco-no-size/nosize.json');
    expect((await trained(data)).images).toMatchObject([
      { width: 160, height: 120 },
      { width: 160, height: 120 },
    ]);
    expect((await average(data, file('coco-no-size/results.json'))).AP).toBeCloseTo(1, 12);
  });
});
