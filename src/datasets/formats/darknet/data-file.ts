import { dirname } from 'node:path';
import { readClassNames } from '../../../foundation/classes/class-names.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { filledLines, readText } from '../../../foundation/files/text.ts';
import { type ClassTable, listedClasses } from '../yolo/class-table.ts';
import { resolveIn } from '../yolo/image-files.ts';

export interface DarknetData {
  /** List file of each split: `train`, and `val` for Darknet's `valid`. */
  readonly lists: ReadonlyMap<string, string>;
  readonly classes: ClassTable;
  /** Base folders for relative paths: that of the file, and the working directory, as in Darknet. */
  readonly folders: readonly string[];
}

/** Darknet's keys for each split. */
const SPLITS = new Map([
  ['train', ['train']],
  ['val', ['valid', 'val', 'validation']],
  ['test', ['test']],
]);

function parseKeys(text: string, path: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const { number, line } of filledLines(text)) {
    if (line.startsWith('#')) continue;
    const at = line.indexOf('=');
    if (at < 1) {
      throw new MicroYoloError(
        'invalid-file',
        `${path}:${number}: ${JSON.stringify(line)}, expected key = value`,
      );
    }
    keys.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return keys;
}

/**
 * Reads Darknet's description of a data set.
 * @throws MicroYoloError `not-found`, or `invalid-file` with the line at fault
 */
export async function readDataFile(path: string): Promise<DarknetData> {
  const keys = parseKeys(await readText(path, "Darknet's description of a data set"), path);
  const folder = dirname(path);
  const folders = [folder, '.'];
  const namesFile = keys.get('names');
  if (!namesFile)
    throw new MicroYoloError('invalid-file', `${path}: has no names, expected names = FILE`, { path });
  const file = await resolveIn(folders, namesFile);
  const classes = await readClassNames(file);
  const said = keys.get('classes');
  if (said !== undefined && Number(said) !== classes.names.length) {
    const count = `${classes.names.length} names in ${namesFile}`;
    throw new MicroYoloError('invalid-file', `${path}: classes is ${said}, but the list has ${count}`, {
      path,
    });
  }
  const lists = new Map<string, string>();
  for (const [split, words] of SPLITS) {
    const list = words.map((word) => keys.get(word)).find(Boolean);
    if (list) lists.set(split, list);
  }
  return { lists, classes: listedClasses(classes), folders };
}
