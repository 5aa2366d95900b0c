import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { readModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { runCli } from '../run-cli.ts';

const folder = temporaryFolder();
beforeAll(async () => {
  const file = fileURLToPath(new URL('../../models/formats/keras/fixtures/mobilenet.h5.gz', import.meta.url));
  const bytes = gunzipSync(await readFile(file));
  await writeFile(join(folder, 'mobilenet.h5'), bytes);
  await writeFile(join(folder, 'mobilenet.hdf5'), bytes);
  await writeFile(join(folder, 'labels.txt'), 'ant\nbee\ncat\ndog\nelk\n');
  await writeFile(join(folder, 'three.txt'), 'ant\nbee\ncat\n');
  await writeFile(join(folder, 'text.h5'), 'Dear diary');
});

test.each(['mobilenet.h5', 'mobilenet.hdf5'])(
  '%s becomes a model, and the output says what to do with it',
  async (file) => {
    const out = `${file}.safetensors`;
    const args = ['--network', 'mobilenet-v1:0.25', '--size', '64', '--names', 'labels.txt', '--half'];
    const { code, stdout } = await runCli(['import', file, ...args, '--out', out], folder);
    const megabytes = ((await stat(join(folder, out))).size / 1e6).toFixed(2);
    expect(stdout).toBe(
      `${out}: 5 classes, ${megabytes} MB; try it: micro-yolo classify photo.jpg --model ${out}\n`,
    );
    expect(code).toBe(0);
    const { network, classes } = await readModel(join(folder, out));
    expect(network.input).toEqual([3, 64, 64]);
    expect(classes).toEqual(['ant', 'bee', 'cat', 'dog', 'elk']);
  },
);

test.each([
  {
    title: 'no network',
    args: ['mobilenet.h5'],
    code: 2,
    says: /^error: --network: missing, expected the name of the network that the weights in mobilenet\.h5 belong to\n$/,
  },
  {
    title: 'a name that no command would read',
    args: ['mobilenet.h5', '-n', 'mobilenet-v1:0.25', '--out', 'model'],
    code: 2,
    says: /^error: out model: expected a name that ends in \.safetensors; fix --out\n$/,
  },
  {
    title: 'an unknown network',
    args: ['mobilenet.h5', '-n', 'mobilenet-v9'],
    code: 2,
    says: /^error: backbone "mobilenet-v9": expected one of mobilenet-v1, .*\n$/,
  },
  {
    title: 'another network',
    args: ['mobilenet.h5', '-n', 'mobilenet-v1:0.5'],
    code: 1,
    says: /^error: mobilenet\.h5: layer conv1 has kernel of 3×3×3×8, .*; choose the network of .*\n$/,
  },
  {
    title: 'text named .h5',
    args: ['text.h5', '-n', 'mobilenet-v1'],
    code: 1,
    says: /^error: text\.h5: cannot be read \(.*\); expected HDF5, .*; save the weights again\n$/,
  },
  {
    title: 'a missing file',
    args: ['mobilnet.h5', '-n', 'mobilenet-v1'],
    code: 1,
    says: /^error: mobilnet\.h5: no such file, expected a Keras model; did you mean mobilenet\.h5\?\n$/,
  },
  {
    title: 'a wrong number of class names',
    args: ['mobilenet.h5', '-n', 'mobilenet-v1:0.25', '--names', 'three.txt'],
    code: 1,
    says: /^error: three\.txt: .*\n$/,
  },
  {
    title: 'an output that is the weights by another path',
    args: ['mobilenet.h5', '-n', 'mobilenet-v1:0.25', '--out', './no/../mobilenet.h5'],
    code: 2,
    says: /^error: out \.\/no\/\.\.\/mobilenet\.h5: would overwrite what is imported; .*\n$/,
  },
  {
    title: 'an output that is the class names',
    args: ['mobilenet.h5', '-n', 'mobilenet-v1:0.25', '--names', 'labels.txt', '--out', 'labels.txt'],
    code: 2,
    says: /^error: out labels\.txt: would overwrite what is imported; .*\n$/,
  },
])(
  '$title is reported in one line with an exit code, and leaves nothing behind',
  async ({ args, code, says }) => {
    const before = await readdir(folder);
    const result = await runCli(['import', ...args], folder);
    expect(result.stderr).toMatch(says);
    expect(result.code).toBe(code);
    expect(result.stdout).toBe('');
    expect(await readdir(folder)).toEqual(before);
  },
);
