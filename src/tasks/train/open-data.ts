import type { Dataset } from '../../datasets/dataset.ts';
import { openDataset } from '../../datasets/open/description.ts';
import type { DatasetProblem } from '../../datasets/problems.ts';
import { countBoxes, describeBoxes } from '../../datasets/usable-boxes.ts';
import { categoriesByName, mapClasses } from '../../evaluation/class-mapping.ts';
import { firstNames, MicroYoloError } from '../../foundation/errors/errors.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';
import { distinctCategories } from '../datasets/distinct-categories.ts';
import { problemNotes, repeatNote } from '../datasets/problem-notes.ts';
import { refuseAmbiguousClasses } from '../datasets/refuse-ambiguous-classes.ts';
import { chooseSplits } from './choose-splits.ts';
import { keepShare } from './keep-share.ts';

/** Names of the classes that have images, in classification data. */
function shownClasses({ annotations, categories }: Dataset): readonly string[] {
  const places = new Set(annotations.categories.subarray(0, annotations.count));
  return categories.flatMap(({ name }, place) => (places.has(place) ? [name] : []));
}

/**
 * Checks classification data before hours of training.
 * @throws MicroYoloError if there are fewer than two classes, or the evaluation split has an unknown class
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
      `${data}: the images of split ${trainSplit} all belong to class ${shown[0]}, expected at least two classes; add images of another`,
      { path: data },
    );
  }
  const unseen = known.filter((name) => !shown.includes(name));
  if (unseen.length > 0)
    onNote(`no images of ${unseen.join(', ')} in split ${trainSplit}: they are not learned`);
  if (!evaluation) return;
  const ids = categoriesByName(known, evaluation.categories);
  const idOf = new Map(evaluation.categories.map(({ id, name }) => [name, id]));
  const foreign = shownClasses(evaluation).find((name) => !ids.includes(idOf.get(name)));
  if (foreign === undefined) return;
  throw new MicroYoloError(
    'invalid-file',
    `${data}: class ${JSON.stringify(foreign)} of split ${evaluateSplit} is not in split ${trainSplit}, which has ${firstNames(known)}; add images of it there, or remove it`,
    { path: data },
  );
}

/** @throws MicroYoloError if the evaluation split has none of the training split's classes */
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
    `${data}: split ${evaluateSplit} has ${others}, and none of split ${trainSplit}'s ${firstNames(names)}; fix the names`,
    { path: data },
  );
}

/**
 * Checks that there are objects to train on, and notes unusable ones.
 * @throws MicroYoloError if there are none
 */
function checkBoxes(
  train: Dataset,
  { data, trainSplit }: TrainingSettings,
  onNote: (message: string) => void,
): void {
  const counts = countBoxes(train);
  const reasons = describeBoxes(counts, ['outside', 'tiny']);
  if (counts.all === 0) {
    throw new MicroYoloError(
      'invalid-file',
      `${data}: split ${trainSplit} has no boxes to train on; run "micro-yolo dataset check"`,
      { path: data },
    );
  }
  if (counts.usable === 0) {
    const all = describeBoxes(counts, ['outside', 'tiny', 'crowd']);
    throw new MicroYoloError(
      'invalid-file',
      `${data}: none of the ${counts.all} boxes of split ${trainSplit} can be trained on (${all}); run "micro-yolo dataset check"`,
      { path: data },
    );
  }
  if (reasons === '') return;
  const left = counts.outside + counts.tiny;
  onNote(`${left} of ${counts.all} boxes of split ${trainSplit} are not trained on: ${reasons}`);
}

/**
 * Checks that there are objects to evaluate on, and notes those that cannot be found.
 * @throws MicroYoloError if there are none
 */
function checkEvaluationBoxes(
  evaluation: Dataset,
  { data, evaluateSplit }: TrainingSettings,
  onNote: (message: string) => void,
): void {
  const counts = countBoxes(evaluation);
  if (counts.usable === 0) {
    const all = describeBoxes(counts, ['outside', 'tiny', 'crowd']);
    const reason = all === '' ? '' : ` (of ${counts.all} boxes, ${all})`;
    throw new MicroYoloError(
      'invalid-file',
      `${data}: split ${evaluateSplit} has no objects${reason}; fix its labels, or set evaluateSplit to null`,
      { path: data },
    );
  }
  const reasons = describeBoxes(counts, ['outside']);
  if (reasons !== '')
    onNote(`of ${counts.all} boxes of split ${evaluateSplit}, ${reasons}: these cannot be found`);
}

export interface RunData {
  readonly train: Dataset;
  readonly evaluation: Dataset | undefined;
}

/**
 * Opens the training and evaluation data of a run.
 * @throws MicroYoloError if there is nothing to train on
 */
export async function openData(
  settings: TrainingSettings,
  onNote: (message: string) => void,
): Promise<RunData> {
  const { data, trainSplit, valShare } = settings;
  const problems: DatasetProblem[] = [];
  // Invalid records are skipped and counted. `dataset check` lists them.
  const source = await openDataset(data, { onProblem: (problem) => problems.push(problem) });
  const splits = chooseSplits(source, settings);
  const read = await source.read(splits.train);
  const other = splits.evaluate === undefined ? undefined : await source.read(splits.evaluate);
  refuseAmbiguousClasses(problems);
  const whole = distinctCategories(read, data);
  const named = other && distinctCategories(other, data);
  const repeats = repeatNote(whole, data);
  for (const note of [...problemNotes(problems, data), ...(repeats ? [repeats] : [])]) onNote(note);
  if (splits.note !== undefined) onNote(splits.note);
  const kept = valShare === null ? undefined : await keepShare(whole, settings, valShare, onNote);
  const dataset = kept?.train ?? whole;
  const evaluation = named ?? kept?.evaluation;
  if (dataset.images.length === 0) {
    throw new MicroYoloError(
      'invalid-file',
      `${data}: split ${trainSplit} has no images; check the data set`,
      { path: data },
    );
  }
  checkBoxes(dataset, settings, onNote);
  if (evaluation) checkEvaluationBoxes(evaluation, settings, onNote);
  if (dataset.task === 'classification') checkClasses(dataset, evaluation, settings, onNote);
  else if (evaluation) checkSharedClasses(dataset, evaluation, settings);
  return { train: dataset, evaluation };
}
