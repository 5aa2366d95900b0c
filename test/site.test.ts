import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { brokenLinks, readPages } from '../scripts/site/pages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

test('every link between pages of the site leads to a page, a heading or a file', () => {
  expect(brokenLinks(readPages(root), (path) => existsSync(join(root, path)))).toEqual([]);
});

test('finds a link to a missing heading', () => {
  const page = { source: 'a.md', path: 'a.html', title: 'a', text: '', anchors: new Set(['there']) };
  const pages = [
    { ...page, body: '<a href="#there">x</a><a href="a.html#gone">y</a><a href="b.html">z</a>' },
  ];
  expect(brokenLinks(pages, () => false)).toEqual(['a.md: a.html#gone', 'a.md: b.html']);
});
