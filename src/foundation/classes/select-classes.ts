import { didYouMean } from '../errors/did-you-mean.ts';
import { MicroYoloError } from '../errors/errors.ts';
import { sameClass } from './class-synonyms.ts';

/** Splits names separated by commas. Names that contain commas are quoted, as in CSV: `person, "fork, knife"`. */
function splitNames(list: string): readonly string[] {
  const fields = list.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*?))\s*(?:,|$)/gy);
  const names = [...fields].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
  return names.filter((name) => name !== '');
}

/**
 * Resolves a selection of classes. A string that is a class name selects that class, even if it contains commas. Any
 * other string is a list of names separated by commas. An unknown name selects its synonyms, as `sofa` selects `couch`, or else
 * names that differ only in case.
 * @param known all classes
 * @param owner owner of the classes, for messages: `the model`
 * @throws MicroYoloError `invalid-argument` for an unknown name or an empty selection
 */
export function selectClasses(
  selection: readonly string[],
  known: readonly string[],
  owner: string,
): readonly string[] {
  const names = selection.flatMap((text) => (known.includes(text) ? [text] : splitNames(text)));
  if (names.length === 0) {
    throw new MicroYoloError('invalid-argument', 'classes: empty, expected class names');
  }
  const classes = names.flatMap((name) => {
    if (known.includes(name)) return [name];
    const meant = known.filter((other) => sameClass(name, other));
    if (meant.length > 0) return meant;
    const inOtherCase = known.filter((other) => other.toLowerCase() === name.toLowerCase());
    if (inOtherCase.length > 0) return inOtherCase;
    const near =
      didYouMean(name, known) ?? `; it has ${known.slice(0, 10).join(', ')}${known.length > 10 ? ' …' : ''}`;
    throw new MicroYoloError(
      'invalid-argument',
      `class ${JSON.stringify(name)}: ${owner} does not have it${near}`,
      { field: 'class', received: name },
    );
  });
  return [...new Set(classes)];
}
