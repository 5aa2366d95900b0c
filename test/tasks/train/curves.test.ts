import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeImage } from '../../../src/image/decode.ts';
import { formatCurves, writeCurves } from '../../../src/tasks/train/curves.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const history = [
  { epoch: 1, loss: 4, 'loss.box': 1 },
  { epoch: 2, loss: 2, 'loss.box': 0.5, AP: 0.25, AP50: 0.5 },
];

test('leaves figures that an epoch lacks empty', () => {
  expect(formatCurves(history)).toBe('epoch,loss,loss.box,AP,AP50\n1,4,1,,\n2,2,0.5,0.25,0.5\n');
});

test('draws losses and mAP one above the other', async () => {
  const folder = temporaryFolder();
  await writeCurves(folder, history);
  expect(await readFile(join(folder, 'results.csv'), 'utf8')).toBe(formatCurves(history));
  const { width, height } = await decodeImage(join(folder, 'results.png'));
  expect([width, height]).toEqual([900, 840]);
  await writeCurves(folder, history.slice(0, 1));
  expect((await decodeImage(join(folder, 'results.png'))).height).toBe(420);
});
