import type { Extra } from '../../dataset.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text as XML holds it; the control characters that XML forbids are left out. */
function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (character) => ESCAPES[character]!).replace(/(?![\t\n\r])\p{Cc}/gu, '');
}

const TAG_NAME = /^[A-Za-z_][\w.-]*$/;

/** Tags for a value: one for each element of a list. Values that XML has no form for give none. */
export function formatTag(name: string, value: unknown, depth: number): readonly string[] {
  if (!TAG_NAME.test(name) || value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((element) => formatTag(name, element, depth));
  const indent = '\t'.repeat(depth);
  if (typeof value !== 'object') return [`${indent}<${name}>${escapeText(String(value))}</${name}>`];
  const inside = Object.entries(value as Extra).flatMap(([key, inner]) => formatTag(key, inner, depth + 1));
  return [`${indent}<${name}>`, ...inside, `${indent}</${name}>`];
}
