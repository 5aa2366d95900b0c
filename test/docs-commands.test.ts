import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCli } from './cli/run-cli.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = ['README.md', ...readdirSync(join(root, 'docs/guides')).map((name) => `docs/guides/${name}`)];

/** Commands and flags in the code blocks of a page. */
function commandsOf(page: string) {
  const blocks = readFileSync(join(root, page), 'utf8').matchAll(/^ *```\w*\n([\s\S]*?)^ *```/gm);
  const lines = [...blocks].flatMap(([, block]) => block!.split('\n').map((line) => line.trim()));
  return lines.flatMap((line) => {
    const words = line.replace(/^npx /, '').split(/\s+/);
    if (words[0] !== 'micro-yolo') return [];
    const isGroup = words[1] === 'dataset';
    return [
      { line, verbs: words.slice(1, isGroup ? 3 : 2), flags: words.filter((word) => word.startsWith('--')) },
    ];
  });
}

const commands = pages.flatMap((page) => commandsOf(page).map((command) => ({ page, ...command })));

test.for(commands)('$page: the flags of "$line" exist', async ({ verbs, flags }) => {
  const { stdout } = await runCli([...verbs, '--help'], root);
  for (const flag of flags) expect(stdout).toContain(flag);
});
