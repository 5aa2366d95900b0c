import type { Extra } from '../../dataset.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Escapes text for XML. Control characters that XML forbids are removed. */
function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (character) => ESCAPES[character]!).replace(/(?![\t\n\r])\p{Cc}/gu, '');
}

const TAG_NAME = /^[A-Za-z_][\w.-]*$/;

/** Formats a value as tags, one for each element of a list. Values that XML cannot represent are omitted. */
export function formatTag(name: string, value: unknown, depth: number): readonly string[] {
  if (!TAG_NAME.test(name) || value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((element) => formatTag(name, element, depth));
  const indent = '\t'.repeat(depth);
  if (typeof value !== 'object') return [`${indent}<${name}>${escapeText(String(value))}</${name}>`];
  const inside = Object.entries(value as Extra).flatMap(([key, inner]) => formatTag(key, inner, depth + 1));
  return [`${indent}<${name}>`, ...inside, `${indent}</${name}>`];
}
