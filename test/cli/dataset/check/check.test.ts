import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeDamagedDataset } from '../../../tasks/datasets/damaged-dataset.ts';
import { temporaryFolder, writeDeep } from '../../../temporary-files.ts';
import { type CliResult, runCli } from '../../run-cli.ts';

const folder = temporaryFolder();
const run = (...args: string[]) => runCli(['dataset', ...args], folder);
beforeAll(() => writeDamagedDataset(folder));

describe('a damaged data set', () => {
  let result: CliResult;
  beforeAll(async () => {
    result = await run('check', 'train.json', '--fix', 'mended.json');
  });

  test('ends with 3 and prints nothing on stderr', () => {
    expect(result).toMatchObject({ code: 3, stderr: '' });
  });

  test('begins with a line of totals', () => {
    expect(result.stdout).toMatch(
      /^train\.json: 5 images \(1 without annotations\) · 9 annotations \(0 crowds\) · 2 of 2 classes used\n/,
    );
  });

  test('has a table of problems, errors first', () => {
    expect(result.stdout).toMatch(
      /\nseverity +problem +count\nerror +box not four numbers, or negative +2\n/,
    );
  });

  test('names the first locations of each problem', () => {
    expect(result.stdout).toMatch(
      /\nimage cannot be decoded:\n {2}train\.json: broken\.jpg: cannot be decoded/,
    );
  });

  test('has histograms of classes, sizes and aspects, and the fit of the anchors', () => {
    expect(result.stdout).toMatch(/\nboxes by class +train\ndog +8 +█+\ncat +1 +█+\n/);
    expect(result.stdout).toMatch(/\nboxes by side.*\n(.*\n)*16 to 32 px +5 /);
    expect(result.stdout).toMatch(/\nboxes by aspect.*\n(.*\n)*1:1\.25 to 1\.25:1 +\d/);
    expect(result.stdout).toMatch(/\nthe usual anchors, YOLOv3-tiny's at 416×416/);
  });

  test('ends with a verdict', () => {
    expect(result.stdout).toMatch(/\n\d+ errors, \d+ warnings: errors lose data or distort measurements/);
  });

  test('says what was fixed', () => {
    expect(result.stdout).toMatch(/\nmended\.json written:\n {2}unusable records left out: 4\n/);
  });
});

test('--json holds every location', async () => {
  const { code, stdout } = await run('check', 'train.json', 'val.json', '--json');
  expect(code).toBe(3);
  const { findings, splits } = JSON.parse(stdout);
  expect(splits.map(({ label }: { label: string }) => label)).toEqual(['train', 'val']);
  const shared = findings.find(({ kind }: { kind: string }) => kind === 'image-in-two-splits');
  expect(shared.places).toEqual([
    { place: 'val.json: renamed.png', message: 'same bytes as train.json: good.png' },
  ]);
});

test('ends with 0 for a data set with notes only', async () => {
  const result = await run('check', 'val.json');
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(result.stdout).toMatch(/\n0 errors, 0 warnings: the data can be trained on\n$/);
});

test('ends with 1 for a file that cannot be read', async () => {
  const { code, stderr } = await run('check', 'valid.json');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: valid\.json: no such file/);
});

test('the verdict on data without objects is that it cannot be trained on', async () => {
  const image = { id: 1, file_name: 'good.png', width: 80, height: 60 };
  const data = { images: [image], categories: [{ id: 1, name: 'cat' }], annotations: [] };
  await writeDeep(join(folder, 'bare.json'), JSON.stringify(data));
  const { stdout } = await run('check', 'bare.json');
  expect(stdout).toMatch(/: the data cannot be trained on; it has no objects\n$/);
});
