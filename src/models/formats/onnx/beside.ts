import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/** Files that exporters or users put beside a model. */
const NAMES = [
  ...['config.json', 'preprocessor_config.json', 'infer_cfg.yml', 'metadata.yaml', 'id2label.json'],
  ...['labels.txt', 'label_list.txt', 'classes.txt', 'coco.names', 'names.txt', 'obj.names'],
] as const;
const ENDINGS = ['.json', '.yaml', '.yml', '.names', '.txt'] as const;
/** Larger files are not descriptions. */
const MAX_BYTES = 1_000_000;

async function readSmall(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size > MAX_BYTES) return undefined;
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch {
    return undefined;
  }
}

/**
 * Returns the contents of text files beside a model that may describe it: first those with the model's name, then those
 * with known names.
 */
export async function filesBeside(path: string): Promise<Readonly<Record<string, string>>> {
  const folder = dirname(path);
  const stem = basename(path, extname(path));
  const wanted = new Set<string>([...ENDINGS.map((ending) => `${stem}${ending}`), ...NAMES]);
  const present = await readdir(folder).catch(() => []);
  const texts: Record<string, string> = {};
  const there = new Set(present);
  for (const name of [...wanted].filter((entry) => there.has(entry))) {
    const text = await readSmall(join(folder, name));
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}
