import type { Dataset } from '../../datasets/dataset.ts';
import { type DatasetProblem, isKept, problemHandler } from '../../datasets/problems.ts';
import { countBoxes, describeBoxes } from '../../datasets/usable-boxes.ts';

/** What keeps some of the truth from being found, whatever was detected. */
export function truthNotes(dataset: Dataset): readonly string[] {
  const counts = countBoxes(dataset);
  const outside = describeBoxes(counts, ['outside']);
  return outside === '' ? [] : [`of ${counts.all} true boxes, ${outside}: these cannot be found`];
}

/** What is read of a dataset's problems: those that stop nothing are notes, images without a file are skipped by a model. */
export function problemListener(
  isResults: boolean,
  unread: DatasetProblem[],
  onNote: (message: string) => void,
) {
  return (problem: DatasetProblem) => {
    const isOfImage = problem.kind === 'bad-image-file' || problem.kind === 'missing-image-file';
    // Without an image the ids of those after it are others, which detections that are given go by.
    if (isOfImage && !isResults) unread.push(problem);
    else if (isKept(problem.kind) && !UNSAID.has(problem.kind))
      onNote(`${problem.place}: ${problem.message}`);
    else problemHandler(undefined)(problem);
  };
}

/** One for each box, which COCO's own data has too; and areas, which figures go by. */
const UNSAID: ReadonlySet<DatasetProblem['kind']> = new Set(['empty-box', 'bad-area']);
