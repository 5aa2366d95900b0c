import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../temporary-files.ts';
import { type CliResult, runCli } from '../../run-cli.ts';

const folder = temporaryFolder();
const run = (...args: string[]) => runCli(['dataset', ...args], folder);

describe('shapes', () => {
  let made: CliResult;
  beforeAll(async () => {
    made = await run('synthesize', '--out', 'shapes', '--train', '12', '--val', '3', '--size', '160');
  });

  test('are counted by split', () => {
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(
      /^shapes\/train\.json: 12 images, \d+ objects\nshapes\/val\.json: 3 images, \d+ objects\n$/,
    );
  });

  test('pass the check', async () => {
    expect(await run('check', 'shapes')).toMatchObject({ code: 0, stderr: '' });
  });

  test('are not overwritten without permission', async () => {
    const { code, stderr } = await run('synthesize', '--out', 'shapes');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: shapes: is not empty; .* with --overwrite\n$/);
  });

  test('can be shown on a contact sheet', async () => {
    const { code, stdout } = await run('show', 'shapes', '--split', 'val', '--out', 'sheet.jpg');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^3 images with \d+ boxes drawn in sheet\.jpg\n$/);
  });

  test('give anchors, next to the usual ones', async () => {
    const { code, stdout } = await run('anchors', 'shapes', '--count', '3', '--size', '160');
    expect(code).toBe(0);
    expect(stdout).toMatch(/YOLOv3-tiny's +found\nrecall at IoU 0.5 +\d+\.\d % +\d+\.\d %\n/);
    expect(stdout).toMatch(
      /\nanchors: \[\[\d+, \d+\], \[\d+, \d+\], \[\d+, \d+\]\]\nDarknet: anchors = \d+,\d+, /,
    );
  });
});

test('are refused at an unreasonable size', async () => {
  const { code, stderr } = await run('synthesize', '--size', '20');
  expect(code).toBe(2);
  expect(stderr).toMatch(/--size "20": expected a whole number from 32 to 8192/);
});
