import { extname } from 'node:path';
import type { Dataset } from '../../datasets/dataset.ts';
import { openDataset } from '../../datasets/description.ts';
import { firstNames, MicroYoloError } from '../../errors.ts';
import { mapClasses } from '../../evaluation/class-mapping.ts';
import { didYouMean } from '../../files.ts';
import type { TrainingSettings } from '../../training/settings.ts';

/** What a run is evaluated on where nobody names a split. */
const USUAL_EVALUATION = 'val';

/** Names of the classes that have images, of data for classification. */
function shownClasses({ annotations, categories }: Dataset): readonly string[] {
  const places = new Set(annotations.categories.subarray(0, annotations.count));
  return categories.flatMap(({ name }, place) => (places.has(place) ? [name] : []));
}

/**
 * Checks images of one class each before hours of training on them.
 * @throws MicroYoloError where there is nothing to tell apart, or evaluating would meet an unknown class
 */
function checkClasses(
  train: Dataset,
  evaluation: Dataset | undefined,
  { data, trainSplit, evaluateSplit }: TrainingSettings,
  onNote: (message: string) => void,
): void {
  const known = train.categories.map(({ name }) => name);
  const shown = shownClasses(train);
  if (shown.length < 2) {
    throw new MicroYoloError(
      'invalid-file',
      `${data}: the images of split ${trainSplit} are all of class ${shown[0]}, expected two classes or more to tell apart; add images of another`,
    );
  }
  const unseen = known.filter((name) => !shown.includes(name));
  if (unseen.length > 0) onNote(`no images of ${unseen.join(', ')} in split ${trainSplit}: not learnt`);
  const foreign = evaluation && shownClasses(evaluation).find((name) => !known.includes(name));
  if (foreign === undefined) return;
  throw new MicroYoloError(
    'invalid-file',
    `${data}: class ${JSON.stringify(foreign)} of split ${evaluateSplit} is none of split ${trainSplit}, which has ${firstNames(known)}; add images of it there, or take it out`,
  );
}

/** @throws MicroYoloError where evaluating would look for none of the classes that are learnt */
function checkSharedClasses(
  train: Dataset,
  evaluation: Dataset,
  { data, trainSplit, evaluateSplit }: TrainingSettings,
): void {
  const names = train.categories.map(({ name }) => name);
  const { categoryIds } = mapClasses(names, evaluation.categories);
  if (categoryIds.some((id) => id !== undefined)) return;
  const others = firstNames(evaluation.categories.map(({ name }) => name));
  throw new MicroYoloError(
    'invalid-file',
    `${data}: split ${evaluateSplit} has ${others}, and none of split ${trainSplit}'s ${firstNames(names)}; mend the names`,
  );
}

/** Whether there is an object to learn or to find: no crowd, and with an area. */
function hasUsableBox({ annotations: { count, crowd, boxes } }: Dataset): boolean {
  for (let row = 0; row < count; row++) {
    if (crowd[row] === 0 && boxes[4 * row + 2]! > 0 && boxes[4 * row + 3]! > 0) return true;
  }
  return false;
}

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
  // One file is all there is, whatever it is called; of a folder, what is there to measure with is not trained on.
  const isFile = extname(data).toLowerCase() === '.json';
  const isNamedOtherwise = trainSplit === 'train' && !['val', 'test'].includes(only!);
  const isWhole =
    source.splits.length === 1 && !source.splits.includes(trainSplit) && (isFile || isNamedOtherwise);
  const checkSplit = (setting: 'trainSplit' | 'evaluateSplit', split: string) => {
    const isKnown = source.splits.includes(split) || (split === 'valid' && source.splits.includes('val'));
    if (isKnown) return;
    const near = didYouMean(split, source.splits) ?? '';
    throw new MicroYoloError(
      'invalid-argument',
      `split "${split}": ${data} has ${source.splits.join(', ')}${near}; name one by --set ${setting}=${source.splits[0]}`,
    );
  };
  if (!isWhole) checkSplit('trainSplit', trainSplit);
  // Who names a split wants it; that there is a usual one, nobody said.
  if (evaluateSplit !== null && evaluateSplit !== USUAL_EVALUATION)
    checkSplit('evaluateSplit', evaluateSplit);
  const dataset = await source.read(isWhole ? only! : trainSplit);
  const isThere =
    evaluateSplit !== null && (evaluateSplit !== USUAL_EVALUATION || source.splits.includes(evaluateSplit));
  const isEvaluated = isThere && !isWhole;
  const evaluation = isEvaluated ? await source.read(evaluateSplit) : undefined;
  if (problems > 0) onNote(`${problems} bad records left out; "micro-yolo dataset check ${data}" lists them`);
  if (evaluateSplit !== null && !evaluation) {
    const problem =
      isWhole && only === evaluateSplit ? `is split ${only} alone` : `has no split ${evaluateSplit}`;
    const others = source.splits.filter((name) => name !== trainSplit && name !== 'trainval' && !isWhole);
    const remedy = others.length > 0 ? `; --set evaluateSplit=${others.at(-1)} evaluates on that` : '';
    onNote(`${data} ${problem}: nothing is evaluated, and the last model counts as the best${remedy}`);
  }
  if (dataset.images.length === 0) {
    throw new MicroYoloError(
      'invalid-file',
      `${data}: split ${trainSplit} holds no images; check the data set`,
    );
  }
  if (!hasUsableBox(dataset)) {
    throw new MicroYoloError(
      'invalid-file',
      `${data}: none of the ${dataset.annotations.count} boxes of split ${trainSplit} can be trained on; run "micro-yolo dataset check"`,
    );
  }
  if (evaluation && !hasUsableBox(evaluation)) {
    throw new MicroYoloError(
      'invalid-file',
      `${data}: split ${evaluateSplit} has no object to find; mend its labels, or leave it out by evaluateSplit null`,
    );
  }
  if (dataset.task === 'classification') checkClasses(dataset, evaluation, settings, onNote);
  else if (evaluation) checkSharedClasses(dataset, evaluation, settings);
  return { train: dataset, evaluation };
}
