import { execFileSync } from 'node:child_process';
import { readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { didYouMean } from '../../../src/foundation/errors/did-you-mean.ts';
import { checkFolder, commonFolder, makeFolder } from '../../../src/foundation/files/folders.ts';
import { readWholeFile } from '../../../src/foundation/files/read.ts';
import { inLargePieces, writeWholeFile } from '../../../src/foundation/files/write.ts';
import { readImageSize } from '../../../src/image/size.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();

test.for([
  { title: 'text', contents: 'one two' },
  { title: 'bytes', contents: new TextEncoder().encode('one two') },
  { title: 'pieces', contents: ['one', ' ', 'two'] },
])('$title are written whole', async ({ contents }) => {
  const path = join(folder, 'whole.txt');
  await writeWholeFile(path, contents);
  expect(await readFile(path, 'utf8')).toBe('one two');
});

test('a write that fails halfway leaves the old file and nothing else', async () => {
  const path = join(folder, 'kept.txt');
  await writeFile(path, 'old');
  function* pieces() {
    yield 'new';
    throw new Error('out of paper');
  }
  await expect(writeWholeFile(path, pieces())).rejects.toThrow(/kept\.txt: cannot be written/);
  expect(await readFile(path, 'utf8')).toBe('old');
  expect((await readdir(folder)).filter((name) => name.startsWith('kept'))).toEqual(['kept.txt']);
});

test.skipIf(process.platform === 'win32')('writes to a pipe, which stays a pipe', async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const read = readFile(path, 'utf8');
  await writeWholeFile(path, ['one', ' two']);
  expect(await read).toBe('one two');
  expect((await stat(path)).isFIFO()).toBe(true);
});

test('creates folders with their parents, and accepts existing ones', async () => {
  await Promise.all(['a/b/c', 'a/b/d', 'a/b'].map((name) => makeFolder(join(folder, name))));
  expect((await readdir(join(folder, 'a/b'))).sort()).toEqual(['c', 'd']);
  await writeFile(join(folder, 'a/file'), '');
  await expect(makeFolder(join(folder, 'a/file'))).rejects.toThrow(/file: cannot be written \(EEXIST\)/);
});

test.skipIf(process.platform !== 'linux')(
  'a folder that cannot hold folders is reported at once',
  async () => {
    await expect(makeFolder('/proc/none/of/these')).rejects.toThrow(/cannot be written \(ENOENT\)/);
  },
);

test('checks a folder that does not exist yet without creating it', async () => {
  await checkFolder(join(folder, 'not/yet/there'));
  expect(await readdir(folder)).not.toContain('not');
});

test('refuses a file in place of a folder', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(checkFolder(join(folder, 'file/inside'))).rejects.toThrow(/cannot be written \(ENOTDIR\)/);
});

test('suggests a close name and not a distant one', () => {
  expect(didYouMean('persn', ['person', 'car'])).toBe('; did you mean person?');
  expect(didYouMean('zebra', ['person', 'car'])).toBeUndefined();
  expect(didYouMean('x', [])).toBeUndefined();
});

test.each([
  [['/a/b/1.jpg', '/a/b/2.jpg'], '/a/b'],
  [['/a/b/1.jpg', '/a/c/d/2.jpg'], '/a'],
  [['/a/1.jpg', '/b/2.jpg'], '/'],
])('the folder that holds %j is %s', (paths, folder) => {
  expect(commonFolder(paths)).toBe(folder);
});

test('joins small pieces without losing one', () => {
  const pieces = Array.from({ length: 300_000 }, (_, index) => `${index},`);
  const joined = [...inLargePieces(pieces)];
  expect(joined.length).toBeLessThan(5);
  expect(joined.join('') === pieces.join('')).toBe(true);
});

test.skipIf(process.platform === 'win32')('refuses a named pipe instead of waiting for it', async () => {
  const path = join(folder, 'pipe.onnx');
  execFileSync('mkfifo', [path]);
  await expect(readWholeFile(path, 'an ONNX model')).rejects.toThrow(
    `${path}: is a pipe, a socket or a device, expected an ONNX model; save it to a file first`,
  );
});

test('refuses a folder as such', async () => {
  await expect(readWholeFile(folder, 'an ONNX model')).rejects.toThrow(
    `${folder}: is a folder, expected an ONNX model; name a file`,
  );
});

test.skipIf(process.platform === 'win32')(
  'refuses a named pipe as an image whose size is to be read',
  async () => {
    const path = join(folder, 'pipe.jpg');
    execFileSync('mkfifo', [path]);
    await expect(readImageSize(path)).rejects.toThrow(
      `${path}: is a pipe, a socket or a device, expected an image; save it to a file first`,
    );
  },
);

test('a replaced file keeps its permissions', async () => {
  const path = join(folder, 'private.txt');
  await writeFile(path, 'old', { mode: 0o600 });
  await writeWholeFile(path, 'new');
  expect(await readFile(path, 'utf8')).toBe('new');
  // Windows only knows whether a file is writable.
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test.skipIf(process.platform === 'win32')(
  'replaces the target of a symbolic link, not the link',
  async () => {
    await writeFile(join(folder, 'target.txt'), 'old');
    await symlink('target.txt', join(folder, 'link.txt'));
    await writeWholeFile(join(folder, 'link.txt'), 'new');
    expect(await readFile(join(folder, 'target.txt'), 'utf8')).toBe('new');
    expect(await readlink(join(folder, 'link.txt'))).toBe('target.txt');
  },
);
