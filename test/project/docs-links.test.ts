import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

function pagesOf(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.md')).map((name) => join(folder, name));
}

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...pagesOf('docs'),
  ...pagesOf('models'),
];

/** The text of a page without its code, in which brackets and `#` have other meanings. */
const proseOf = (page: string) =>
  readFileSync(join(root, page), 'utf8').replace(/^ *```[\s\S]*?^ *```/gm, '');

/** The anchors that GitHub gives a page: its headings in lowercase, without punctuation, with hyphens for spaces. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of proseOf(page).matchAll(/^#+ +(.+?) *$/gm)) {
    const shown = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = shown.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    let unique = anchor;
    for (let copy = 1; anchors.has(unique); copy++) unique = `${anchor}-${copy}`;
    anchors.add(unique);
  }
  return anchors;
}

/** Broken relative links of a page, each with its reason. */
function brokenLinks(page: string): string[] {
  const links = proseOf(page)
    .replace(/`[^`\n]*`/g, '')
    .matchAll(/\]\(([^)\s]+)\)/g);
  return [...links].flatMap(([, link]) => {
    if (/^[a-z]+:/i.test(link!)) return [];
    const [path, anchor] = link!.split('#');
    const target = path ? resolve(root, dirname(page), path) : join(root, page);
    if (!existsSync(target)) return [`${link}: no such file`];
    if (anchor === undefined || !target.endsWith('.md')) return [];
    return anchorsOf(relative(root, target)).has(anchor) ? [] : [`${link}: no such heading`];
  });
}

test.for(pages)('every relative link of %s leads to a file and a heading', (page) => {
  expect(brokenLinks(page)).toEqual([]);
});
