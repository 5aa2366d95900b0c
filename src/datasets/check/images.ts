import { haveOneAspect } from '../../boxes/aspect.ts';
import type { Dataset, DatasetImage } from '../dataset.ts';
import type { CheckedProblem } from './kinds.ts';

/** Result of reading an image's file. */
export type ImageFacts =
  | {
      readonly status: 'decoded';
      /** Width of the upright image, in pixels. */
      readonly width: number;
      readonly height: number;
      /** SHA-256 of the file's bytes, or of the pixels if there is no file. */
      readonly hash: string;
      /** How the file is truncated, if it is. */
      readonly torn?: string | undefined;
    }
  | { readonly status: 'missing' | 'damaged'; readonly message: string };

function checkSize(image: DatasetImage, facts: ImageFacts, place: string): readonly CheckedProblem[] {
  if (facts.status !== 'decoded') return [];
  if (facts.width === image.width && facts.height === image.height) return [];
  const isTurned = facts.width === image.height && facts.height === image.width;
  const turned = isTurned ? ': rotated by its EXIF orientation, or width and height swapped' : '';
  const message = `stated as ${image.width}×${image.height}, is ${facts.width}×${facts.height}${turned}`;
  return [{ kind: haveOneAspect(facts, image) ? 'resized-image' : 'wrong-image-size', place, message }];
}

/** Finds file names and contents that occur twice. */
function checkRepeats(dataset: Dataset, facts: readonly ImageFacts[], name: string): CheckedProblem[] {
  const problems: CheckedProblem[] = [];
  const files = new Map<string, DatasetImage>();
  const contents = new Map<string, DatasetImage>();
  for (const [index, image] of dataset.images.entries()) {
    const place = `${name}: ${image.fileName}`;
    const namesake = files.get(image.fileName);
    if (namesake) {
      const message = `image ${image.id} has the same file as image ${namesake.id}`;
      problems.push({ kind: 'repeated-image-file', place, message });
      continue;
    }
    files.set(image.fileName, image);
    const fact = facts[index]!;
    if (fact.status !== 'decoded') continue;
    const twin = contents.get(fact.hash);
    if (twin) problems.push({ kind: 'same-image-twice', place, message: `same bytes as ${twin.fileName}` });
    else contents.set(fact.hash, image);
  }
  return problems;
}

/**
 * Compares images with their files.
 * @param facts one for each image, in the same order
 * @param name name of the data set, for the places of the problems
 */
export function checkImages(
  dataset: Dataset,
  facts: readonly ImageFacts[],
  name: string,
): readonly CheckedProblem[] {
  const annotated = new Set(dataset.annotations.images);
  const problems = dataset.images.flatMap((image, index): readonly CheckedProblem[] => {
    const place = `${name}: ${image.fileName}`;
    const fact = facts[index]!;
    const background: readonly CheckedProblem[] = annotated.has(index)
      ? []
      : [{ kind: 'background-image', place, message: `image ${image.id} has no annotations` }];
    if (fact.status === 'missing') {
      return [{ kind: 'missing-image-file', place, message: fact.message }, ...background];
    }
    if (fact.status === 'damaged') {
      return [{ kind: 'bad-image-file', place, message: fact.message }, ...background];
    }
    const torn: readonly CheckedProblem[] =
      fact.status === 'decoded' && fact.torn !== undefined
        ? [{ kind: 'torn-image', place, message: fact.torn }]
        : [];
    return [...torn, ...checkSize(image, fact, place), ...background];
  });
  return [...problems, ...checkRepeats(dataset, facts, name)];
}
