import type { Dataset } from '../dataset.ts';
import type { ImageFacts } from './images.ts';
import type { CheckedProblem } from './kinds.ts';

/** A data set with what became of its images' files. */
export interface CheckedSplit {
  readonly name: string;
  readonly dataset: Dataset;
  readonly facts: readonly ImageFacts[];
}

/** Images that several data sets have, by their bytes: whoever measures on them measures what was learned. */
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
