import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { annotationNames, splitNames, vocFolders } from './folders.ts';

/** Sorted paths of annotation files that no list in `ImageSets/Main` names. Empty if there are no lists. */
export async function unlistedAnnotations(folder: string): Promise<readonly string[]> {
  const { annotations, sets } = await vocFolders(folder);
  const lists = (await readdir(sets).catch(() => [])).filter((name) => name.endsWith('.txt'));
  if (lists.length === 0) return [];
  const named = new Set<string>();
  for (const list of lists) {
    for (const name of await splitNames(sets, list.slice(0, -'.txt'.length))) named.add(name);
  }
  return (await annotationNames(annotations))
    .filter((name) => !named.has(name))
    .map((name) => join(annotations, `${name}.xml`));
}
