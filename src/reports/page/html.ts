const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that XML forbids and browsers hide: names may hold them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
const INVISIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g;

/** Text as a page may hold it, in elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(INVISIBLE, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Markup that is safe: made by `html`, in which whatever comes from data is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes: text and numbers are escaped, markup is kept, nothing of what is undefined or false. */
export type HtmlValue = string | number | undefined | false | Html | readonly HtmlValue[];

function textOf(value: HtmlValue): string {
  if (value instanceof Html) return value.text;
  if (value === undefined || value === false) return '';
  if (typeof value === 'object') return value.map(textOf).join('');
  return escapeHtml(String(value));
}

/** Markup of a template, its values escaped. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.reduce((text, string, at) => text + textOf(values[at - 1]) + string));
}

/** Markup without values, such as a style sheet. */
export const trusted = (text: string): Html => new Html(text);
