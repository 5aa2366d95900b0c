const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that XML forbids or browsers hide. Names from data may contain them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression matches control characters on purpose.
const INVISIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g;

/** Escapes text for elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(INVISIBLE, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Safe markup, made by `html`, which escapes all data. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Value in a template. Text and numbers are escaped, markup is kept, `undefined` and `false` are omitted. */
export type HtmlValue = string | number | undefined | false | Html | readonly HtmlValue[];

function textOf(value: HtmlValue): string {
  if (value instanceof Html) return value.text;
  if (value === undefined || value === false) return '';
  if (typeof value === 'object') return value.map(textOf).join('');
  return escapeHtml(String(value));
}

/** Template tag that makes markup and escapes the values. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.reduce((text, string, at) => text + textOf(values[at - 1]) + string));
}

/** Markup without values, such as a style sheet. */
export const trusted = (text: string): Html => new Html(text);
