import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import MarkdownIt from 'markdown-it';

/** A page of the documentation. */
export interface SitePage {
  /** Path of its Markdown file, from the repository's root. */
  readonly source: string;
  /** Path of the page in the site. */
  readonly path: string;
  readonly title: string;
  readonly body: string;
  /** The text to search. */
  readonly text: string;
  /** Anchors of its headings. */
  readonly anchors: ReadonlySet<string>;
}

const FOLDERS = ['docs', 'models', 'examples'];

/** Anchors as GitHub makes them: lowercase, without punctuation, hyphens for spaces. */
function anchorOf(heading: string, taken: Set<string>): string {
  const plain = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
  let anchor = plain;
  for (let copy = 1; taken.has(anchor); copy++) anchor = `${plain}-${copy}`;
  taken.add(anchor);
  return anchor;
}

const pathOf = (source: string) =>
  source === 'README.md'
    ? 'index.html'
    : source.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html');

/** The page that a link of a Markdown file leads to, in the site. */
function siteLink(href: string, source: string): string {
  if (/^[a-z]+:|^#/i.test(href)) return href;
  const [path = '', anchor] = href.split('#');
  const target = posix.normalize(posix.join(posix.dirname(source), path));
  const moved = target.endsWith('.md') ? pathOf(target) : target;
  const link = posix.relative(posix.dirname(pathOf(source)), moved) || posix.basename(moved);
  return anchor === undefined ? link : `${link}#${anchor}`;
}

function renderPage(source: string, text: string): SitePage {
  const markdown = new MarkdownIt({ html: true });
  const anchors = new Set<string>();
  const tokens = markdown.parse(text, {});
  const plain: string[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      const words = (tokens[at + 1]!.children ?? []).map(({ content }) => content).join('');
      token.attrSet('id', anchorOf(words, anchors));
    }
    if (token.type === 'fence') plain.push(token.content);
    for (const child of token.children ?? []) {
      if (child.type === 'text' || child.type === 'code_inline') plain.push(child.content);
      for (const name of ['href', 'src']) {
        const value = child.attrGet(name);
        if (value !== null) child.attrSet(name, siteLink(value, source));
      }
    }
  }
  const title = /^# (.+)$/m.exec(text)?.[1]?.replaceAll('`', '') ?? source;
  const body = markdown.renderer.render(tokens, markdown.options, {});
  return { source, path: pathOf(source), title, body, text: plain.join(' '), anchors };
}

/** Every page of the documentation, guides first. */
export function readPages(root: string): readonly SitePage[] {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
      .map((name) => relative(root, join(root, folder, name)).replaceAll('\\', '/')),
  );
  const rank = (source: string) => (source.startsWith('docs/guides') ? 0 : source.startsWith('docs') ? 1 : 2);
  const sources = inFolders.sort(
    (a, b) => rank(a) - rank(b) || dirname(a).localeCompare(dirname(b)) || a.localeCompare(b),
  );
  const atRoot = readdirSync(root)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort();
  return ['README.md', ...sources, ...atRoot].map((source) =>
    renderPage(source, readFileSync(join(root, source), 'utf8')),
  );
}

/** Broken links between pages, each with its location. */
export function brokenLinks(
  pages: readonly SitePage[],
  isFile: (path: string) => boolean,
): readonly string[] {
  const anchors = new Map(pages.map((page) => [page.path, page.anchors]));
  return pages.flatMap(({ path, source, body }) =>
    [...body.matchAll(/(?:href|src)="([^"]*)"/g)].flatMap(([, link]) => {
      if (/^[a-z]+:/i.test(link!)) return [];
      const [file = '', anchor] = link!.split('#');
      const target = file === '' ? path : posix.normalize(posix.join(posix.dirname(path), file));
      const known = anchors.get(target);
      if (known === undefined)
        return isFile(target.replace(/^reference\/.*/, 'README.md')) ? [] : [`${source}: ${link}`];
      return anchor === undefined || known.has(anchor) ? [] : [`${source}: ${link}`];
    }),
  );
}
