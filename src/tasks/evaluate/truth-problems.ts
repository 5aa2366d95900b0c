import type { Dataset } from '../../datasets/dataset.ts';
import { type DatasetProblem, isKept, problemHandler } from '../../datasets/problems.ts';
import { countBoxes, describeBoxes } from '../../datasets/usable-boxes.ts';

/** Notes on true boxes that no detector can find. */
export function truthNotes(dataset: Dataset): readonly string[] {
  const counts = countBoxes(dataset);
  const outside = describeBoxes(counts, ['outside']);
  return outside === '' ? [] : [`of ${counts.all} true boxes, ${outside}: these cannot be found`];
}

/** Handles problems of reading a data set: harmless ones become notes, and missing images become skipped images. */
export function problemListener(
  isResults: boolean,
  unread: DatasetProblem[],
  onNote: (message: string) => void,
) {
  return (problem: DatasetProblem) => {
    const isOfImage = problem.kind === 'bad-image-file' || problem.kind === 'missing-image-file';
    // With a results file, a missing image is an error: it shifts the ids of later images, which the results refer to.
    if (isOfImage && !isResults) unread.push(problem);
    else if (isKept(problem.kind) && !UNSAID.has(problem.kind))
      onNote(`${problem.place}: ${problem.message}`);
    else problemHandler(undefined)(problem);
  };
}

/** Problems without a note: empty boxes, which COCO's own data has too, and areas, which are used as given. */
const UNSAID: ReadonlySet<DatasetProblem['kind']> = new Set(['empty-box', 'bad-area']);
