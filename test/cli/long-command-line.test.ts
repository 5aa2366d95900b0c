import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-files.ts';
import { spawnCli } from './run-cli.ts';

const folder = temporaryFolder();

test.runIf(process.platform === 'linux')(
  'more arguments than ONNX Runtime survives are refused with an alternative',
  async () => {
    const photos = Array.from({ length: 2000 }, (_, index) => `photos/holiday-${index}.jpg`);
    const { code, stderr } = await spawnCli(['detect', ...photos], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: [\d,]+ characters of arguments: .*; pass a folder, or a glob in quotes\n$/,
    );
  },
);
