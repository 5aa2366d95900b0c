import type { Dataset } from '../../datasets/dataset.ts';
import { categoriesByName } from '../../evaluation/class-mapping.ts';
import { counted } from '../../foundation/counted.ts';
import { firstNames, MicroYoloError } from '../../foundation/errors/errors.ts';

/**
 * Checks that data has exactly the classes of a model. Otherwise, training would build a different head.
 * @throws MicroYoloError `invalid-argument`
 */
export function checkSameClasses(classes: readonly string[], { categories }: Dataset, data: string): void {
  const ids = categoriesByName(classes, categories);
  const lacking = classes.filter((_, place) => ids[place] === undefined);
  const known = new Set(ids);
  const unknown = categories.filter(({ id }) => !known.has(id)).map(({ name }) => name);
  if (lacking.length === 0 && unknown.length === 0) return;
  const problem =
    lacking.length > 0
      ? `${data} lacks ${lacking.length} of the model's ${classes.length} classes: ${firstNames(lacking)}`
      : `${data} has ${counted(unknown.length, 'class', 'classes')} that the model lacks: ${firstNames(unknown)}`;
  throw new MicroYoloError(
    'invalid-argument',
    `data ${problem}; expected the same classes: train the model on this data first`,
  );
}
