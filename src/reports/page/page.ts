import { type Html, html, trusted } from './html.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

export interface Section {
  /** Anchor, unique in the page. */
  readonly id: string;
  readonly title: string;
  /** Introduction of one or two sentences. */
  readonly about?: string | undefined;
  readonly body: Html;
}

export interface Page {
  readonly title: string;
  readonly lead: string;
  /** Names and values below the title. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly sections: readonly Section[];
  /** Seconds after which the page reloads itself. @default never */
  readonly refresh?: number | undefined;
}

/** Content security policy: the browser only allows inline content and loads nothing. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** Renders a self-contained page, with inline style, script and pictures. */
export function renderPage({ title, lead, facts, sections, refresh }: Page): string {
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
${refresh !== undefined && html`<meta http-equiv="refresh" content="${refresh}">`}
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#${sections[0]?.id ?? ''}">Skip to the figures</a>
<header>
<h1>${title}</h1>
<p class="lead">${lead}</p>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>
<nav aria-label="Sections"><ul>${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main>
${sections.map(
  ({ id, title: name, about, body }) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${name}</h2>
${about !== undefined && html`<p class="about">${about}</p>`}
${body}
</section>
`,
)}
</main>
<footer>Made by micro-yolo. This file is self-contained: it loads nothing.</footer>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`;
  return text;
}
