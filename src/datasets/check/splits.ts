import type { Dataset } from '../dataset.ts';
import type { ImageFacts } from './images.ts';
import type { CheckedProblem } from './kinds.ts';

/** A split with the results of reading its image files. */
export interface CheckedSplit {
  readonly name: string;
  readonly dataset: Dataset;
  readonly facts: readonly ImageFacts[];
}

/** Finds images with the same bytes in several splits. Evaluating on trained images inflates the results. */
export function checkSplits(splits: readonly CheckedSplit[]): readonly CheckedProblem[] {
  const problems: CheckedProblem[] = [];
  const owners = new Map<string, { readonly split: CheckedSplit; readonly place: string }>();
  for (const split of splits) {
    for (const [index, { fileName }] of split.dataset.images.entries()) {
      const fact = split.facts[index]!;
      if (fact.status !== 'decoded') continue;
      const place = `${split.name}: ${fileName}`;
      const owner = owners.get(fact.hash);
      if (!owner) owners.set(fact.hash, { split, place });
      else if (owner.split !== split) {
        problems.push({ kind: 'image-in-two-splits', place, message: `same bytes as ${owner.place}` });
      }
    }
  }
  return problems;
}
