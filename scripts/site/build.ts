/**
 * Builds the documentation site: the pages of docs/ and models/ with a search, and the API reference.
 *
 *     npx tsx scripts/site/build.ts [site] [--without-reference]
 *
 * Fails if a link between pages is broken.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { html, trusted } from '../../src/reports/page/html.ts';
import { STYLE } from '../../src/reports/page/style.ts';
import { brokenLinks, readPages, type SitePage } from './pages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const args = process.argv.slice(2);
const out = args.find((arg) => !arg.startsWith('--')) ?? 'site';

const MORE_STYLE = `
.site{display:grid;grid-template-columns:230px minmax(0,1fr);gap:28px;max-width:1180px;margin:0 auto;padding:24px 20px}
.site aside{font-size:14px}.site aside ul{list-style:none;margin:0 0 14px;padding:0}.site aside a{display:block;padding:3px 0;text-decoration:none}
.site aside a[aria-current]{font-weight:600;color:var(--ink)}
.site article{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 28px 28px;min-width:0}
.site article pre{background:var(--back);border:1px solid var(--line);border-radius:8px;padding:12px 14px;overflow-x:auto}
.site article table{display:block;overflow-x:auto}.site article img{max-width:100%;height:auto}.site input{width:100%}
@media(max-width:760px){.site{grid-template-columns:minmax(0,1fr)}.site article{padding:6px 16px 20px}}`;

const SEARCH = `
const input = document.getElementById('search'), found = document.getElementById('found');
input.addEventListener('input', () => {
  const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const score = (page) => words.reduce((sum, word) => sum + (page.title.toLowerCase().includes(word) ? 100 : 0) + (page.text.toLowerCase().split(word).length - 1), 0);
  const has = (page) => words.every((word) => (page.title + ' ' + page.text).toLowerCase().includes(word));
  const pages = words.length === 0 ? [] : window.PAGES.filter(has).sort((a, b) => score(b) - score(a)).slice(0, 12);
  found.replaceChildren(...pages.map((page) => {
    const item = document.createElement('li'), link = document.createElement('a');
    link.href = document.body.dataset.root + page.path;
    link.textContent = page.title;
    item.append(link);
    return item;
  }));
});`;

function groupOf({ source }: SitePage): string {
  if (source.startsWith('docs/guides')) return 'Guides';
  if (source.startsWith('docs/decisions')) return 'Decisions';
  if (source.startsWith('docs/javascript')) return 'JavaScript';
  return source.startsWith('docs') ? 'Pages' : source.startsWith('models') ? 'Models' : 'Start';
}

function wholePage(page: SitePage, pages: readonly SitePage[]): string {
  const up = posix.relative(posix.dirname(page.path), '.') || '.';
  const groups = [...new Set(pages.map(groupOf))];
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,"><title>${page.title}</title><style>${trusted(STYLE + MORE_STYLE)}</style></head>
<body data-root="${`${up}/`}"><div class="site">
<aside><label for="search">Search</label><input id="search" type="search" autocomplete="off"><ul id="found" aria-live="polite"></ul>
<div role="navigation" aria-label="Pages">${groups.map(
    (group) =>
      html`<strong>${group}</strong><ul>${pages
        .filter((own) => groupOf(own) === group)
        .map(
          ({ path, title }) =>
            html`<li><a href="${`${up}/${path}`}"${path === page.path && html` aria-current="page"`}>${title}</a></li>`,
        )}</ul>`,
  )}<a href="${`${up}/reference/index.html`}">API reference</a></div></aside>
<article>${trusted(page.body)}</article></div>
<script src="${`${up}/search.js`}"></script></body></html>
`.text;
}

const pages = readPages(root);
const isFile = (path: string) =>
  existsSync(join(root, path)) &&
  (statSync(join(root, path)).isFile() || statSync(join(root, path)).isDirectory());
const broken = brokenLinks(pages, isFile);
for (const link of broken) console.error(`broken link: ${link}`);
rmSync(out, { recursive: true, force: true });
for (const page of pages) {
  mkdirSync(join(out, dirname(page.path)), { recursive: true });
  writeFileSync(join(out, page.path), wholePage(page, pages));
}
cpSync(join(root, 'docs/images'), join(out, 'docs/images'), { recursive: true });
const index = pages.map(({ path, title, text }) => ({ path, title, text }));
writeFileSync(join(out, 'search.js'), `window.PAGES = ${JSON.stringify(index)};\n${SEARCH}\n`);
if (!args.includes('--without-reference')) {
  const { status } = spawnSync('npx', ['typedoc', '--out', join(out, 'reference')], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
console.log(`${pages.length} pages in ${out}${broken.length > 0 ? `, ${broken.length} broken links` : ''}`);
if (broken.length > 0) process.exitCode = 1;
