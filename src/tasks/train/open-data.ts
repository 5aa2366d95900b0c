import type { Dataset } from '../../datasets/dataset.ts';
import { openDataset } from '../../datasets/description.ts';
import { MicroYoloError } from '../../errors.ts';
import type { TrainingSettings } from '../../training/settings.ts';

export interface RunData {
  readonly train: Dataset;
  readonly evaluation: Dataset | undefined;
}

/**
 * The data that a run trains and is evaluated on.
 * @throws MicroYoloError where there is nothing to train on
 */
export async function openData(
  settings: TrainingSettings,
  onNote: (message: string) => void,
): Promise<RunData> {
  const { data, trainSplit, evaluateSplit } = settings;
  let problems = 0;
  // Bad records are left out and counted: `dataset check` lists them.
  const source = await openDataset(data, { onProblem: () => problems++ });
  const [only] = source.splits;
  const isWhole = source.splits.length === 1 && !source.splits.includes(trainSplit);
  const dataset = await source.read(isWhole ? only! : trainSplit);
  const evaluation =
    evaluateSplit !== null && source.splits.includes(evaluateSplit)
      ? await source.read(evaluateSplit)
      : undefined;
  if (problems > 0) onNote(`${problems} bad records left out; "micro-yolo dataset check ${data}" lists them`);
  if (evaluateSplit !== null && !evaluation) {
    onNote(
      `${data} has no split ${evaluateSplit}: nothing is evaluated, and the last model counts as the best`,
    );
  }
  if (dataset.images.length === 0) {
    throw new MicroYoloError(
      'invalid-file',
      `${data}: split ${trainSplit} holds no images; check the data set`,
    );
  }
  const { count, crowd, boxes } = dataset.annotations;
  let usable = 0;
  for (let row = 0; row < count; row++) {
    if (crowd[row] === 0 && boxes[4 * row + 2]! > 0 && boxes[4 * row + 3]! > 0) usable++;
  }
  if (usable === 0) {
    throw new MicroYoloError(
      'invalid-file',
      `${data}: none of the ${count} boxes of split ${trainSplit} can be trained on; run "micro-yolo dataset check"`,
    );
  }
  return { train: dataset, evaluation };
}
