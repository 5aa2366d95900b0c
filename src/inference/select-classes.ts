import { sameClass } from '../class-synonyms.ts';
import { MicroYoloError } from '../errors.ts';
import { didYouMean } from '../files.ts';

/** Whether a label means a class: by its very name if the model has that, else by a synonym. */
function means(label: string, name: string, classes: readonly string[]): boolean {
  return classes.includes(label) ? label === name : sameClass(label, name);
}

/**
 * The classes that labels select.
 * @param labels names of classes, or synonyms of COCO's and Darknet's such as `couch` and `sofa`
 * @param classes those that the model knows
 * @returns a flag for each class
 * @throws MicroYoloError `invalid-argument` naming a label that the model does not know
 */
export function selectClasses(labels: readonly string[], classes: readonly string[]): readonly boolean[] {
  for (const label of labels) {
    if (classes.some((name) => means(label, name, classes))) continue;
    const near = didYouMean(label, classes) ?? `; expected some of ${classes.join(', ')}`;
    throw new MicroYoloError(
      'invalid-argument',
      `class ${JSON.stringify(label)}: the model does not know it${near}`,
    );
  }
  return classes.map((name) => labels.some((label) => means(label, name, classes)));
}
