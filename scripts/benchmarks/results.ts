import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Where and with what figures were measured. */
export const machine = {
  cpu: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`,
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
};

/** Keeps measured figures in results/NAME.json, which README's tables are made from; only with `--save`. */
export function saveResults(name: string, figures: Readonly<Record<string, unknown>>): void {
  if (!process.argv.includes('--save')) return;
  const path = fileURLToPath(new URL(`../../results/${name}.json`, import.meta.url));
  writeFileSync(path, `${JSON.stringify({ machine, ...figures }, null, 2)}\n`);
}
