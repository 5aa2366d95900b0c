import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test, vi } from 'vitest';
import { nameImages } from '../../../src/tasks/detect/named-images.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
const name = (inputs: readonly string[], onWarning: (message: string) => void = () => {}) =>
  nameImages(inputs, [], onWarning, () => {});

test('the work grows with the number of names, not with its square', async () => {
  await mkdir(join(folder, 'many'));
  const names = Array.from({ length: 100 }, (_, i) => relative('.', join(folder, `many/${i}.jpg`)));
  for (const path of names) await writeFile(path, '');
  // Every resolved relative path asks for the current folder.
  const asking = vi.spyOn(process, 'cwd');
  const workOf = async (inputs: readonly string[]) => {
    asking.mockClear();
    expect(await name(inputs)).toHaveLength(inputs.length);
    return asking.mock.calls.length;
  };
  const half = await workOf(names.slice(0, 50));
  expect(half).toBeGreaterThan(0);
  expect(await workOf(names)).toBe(2 * half);
});

test('says how many images of a folder are in subfolders', async () => {
  await mkdir(join(folder, 'tree/deep/deeper'), { recursive: true });
  for (const path of ['a.jpg', 'b.jpg', 'deep/c.jpg', 'deep/deeper/d.jpg'])
    await writeFile(join(folder, 'tree', path), '');
  const [tree, deep] = [join(folder, 'tree'), join(folder, 'tree/deep')];
  const notes: string[] = [];
  await name([tree, deep, join(deep, 'deeper')], (note) => notes.push(note));
  expect(notes).toEqual([
    `${tree}: 4 images, 2 of them in subfolders`,
    `${deep}: 2 images, 1 of them in subfolders`,
  ]);
});

test.each([
  ['no list', 'a.jpg', /^images "a\.jpg": expected a list of at least one image$/],
  ['an empty list', [], /^images \[\]: expected a list of at least one image$/],
  ['a number', ['a.jpg', 5], /^images\[1\] 5: expected a path or address, or \{ name, source \}/],
  ['a name that is no string', [{ name: 5, source: 'a.jpg' }], /^images\[0\] .*: expected a path or address/],
])('refuses %s', async (_, inputs, problem) => {
  await expect(name(inputs as never)).rejects.toThrow(problem);
});
