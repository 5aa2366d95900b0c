import { defaultClassNames, numberClasses, readClassNames } from '../../foundation/classes/class-names.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { trimmedLines } from '../../foundation/files/text.ts';
import { COCO_CLASSES } from '../decoders/coco-classes.ts';
import type { GraphFacts } from '../families/family.ts';
import type { Claimant } from './recognize.ts';

/** Maximum number of classes of a supported detector. */
const MOST_CLASSES = 100_000;

/** Reads the file of class names that the user gives, one name per line. */
export async function readNames(file: string | undefined): Promise<readonly string[] | undefined> {
  return file === undefined ? undefined : (await readClassNames(file)).names;
}

/** Lengths of lists with all COCO ids, including unused ones and the background. Their lines are not classes. */
const ID_LISTS: readonly number[] = [90, 91];

/** Returns the names in a list beside the model: with its own name, `labels.txt`, `classes.txt` … */
export function namesBeside({ files }: GraphFacts): readonly string[] | undefined {
  for (const [name, text] of Object.entries(files)) {
    if (!/\.(names|txt)$/.test(name)) continue;
    const { names } = numberClasses(trimmedLines(text));
    if (names.length > 0 && !ID_LISTS.includes(names.length)) return names;
  }
  return undefined;
}

/**
 * Returns the class names of a graph: those given, those that come with it, or COCO's if the number matches.
 * @throws MicroYoloError `invalid-file` if the number of names differs from the number of classes
 */
export function classNamesOf(
  { claim }: Claimant,
  facts: GraphFacts,
  given: readonly string[] | undefined,
  path: string,
  notes: string[],
): readonly string[] {
  const { classCount, classes: own } = claim;
  if ((classCount ?? 0) > MOST_CLASSES) {
    throw new MicroYoloError(
      'unsupported',
      `${path}: its outputs have room for ${classCount} classes, expected at most ${MOST_CLASSES}; export it again`,
    );
  }
  const beside = namesBeside(facts);
  const fits = beside !== undefined && (classCount === undefined || beside.length === classCount);
  const names = given ?? own ?? (fits ? beside : undefined);
  if (names !== undefined && names === beside) notes.push('class names come from a list beside the file');
  if (names !== undefined) {
    if (classCount === undefined || names.length === classCount) return names;
    throw new MicroYoloError(
      'invalid-file',
      `${path}: ${names.length} class names, but its outputs have room for ${classCount}; pass a file with ${classCount} names`,
      { path },
    );
  }
  const unread = facts.metadata['names'];
  if (unread !== undefined && own === undefined) {
    notes.push(`names in its metadata cannot be read: ${JSON.stringify(unread.slice(0, 60))}`);
  }
  if (classCount === undefined || classCount === COCO_CLASSES.length) {
    notes.push(
      "the file has no class names: COCO's 80 classes are assumed; pass a file of names if they are different",
    );
    return COCO_CLASSES;
  }
  notes.push(
    `the file has no class names: its ${classCount} classes are called class 0, class 1 …; pass a file of names`,
  );
  return defaultClassNames(classCount);
}
