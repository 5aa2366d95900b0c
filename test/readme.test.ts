import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderReadme } from '../scripts/readme-tables.ts';

test("README's tables show what results/ holds", () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toBe(renderReadme(readme));
});
