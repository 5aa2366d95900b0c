import { didYouMean } from '../errors/did-you-mean.ts';
import { MicroYoloError } from '../errors/errors.ts';
import { sameClass } from './class-synonyms.ts';

/** `person, "fork, knife"`: names separated by commas as in CSV, quoted if they have commas of their own. */
function splitNames(list: string): readonly string[] {
  const fields = list.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*?))\s*(?:,|$)/gy);
  const names = [...fields].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
  return names.filter((name) => name !== '');
}

/**
 * The classes that a selection names. A text that is a class itself means that class, commas and all; any other is a
 * list of names separated by commas. A name that is no class means those of which it is a synonym, such as `sofa` of `couch`.
 * @param known the classes there are
 * @param owner who has them, for messages: `the model`
 * @throws MicroYoloError `invalid-argument` for a name that is no class, or a selection of nothing
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
