import { type DatasetProblem, problemError } from '../../datasets/problems.ts';
import { graphFileKind } from '../../detection/foreign/open-graph.ts';
import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import type { StartedEvent } from '../../foundation/events.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { loadModel, loadNetwork, modelFile } from '../../models/load.ts';
import { type LoadClassifierOptions, loadClassifier } from '../../models/running/classifier.ts';
import { classesOutput } from '../../network/classifiers/output.ts';
import { LOAD_OPTIONS } from '../../options/loading.ts';
import { readSplit } from '../datasets/read-split.ts';
import { type ClassifyDatasetEvent, classifyDataset } from './classify-dataset.ts';
import { refuseNoImages } from './refuse-no-images.ts';

export interface EvaluateClassifierOptions extends LoadClassifierOptions {
  /** Folder of `SPLIT/CLASS/IMAGE` or of CIFAR's binary files, or a description `.yaml`. */
  readonly data: string;
  /** Split to evaluate on. @default 'val', or the only one */
  readonly split?: string | undefined;
  /** A path, an https address, or the name of a bundled model. */
  readonly model: string;
}

const KINDS: OptionKinds<EvaluateClassifierOptions> = {
  ...LOAD_OPTIONS,
  data: 'required string',
  split: 'string',
  model: 'required string',
};

/** Progress events of evaluating a classifier. */
export type EvaluateClassifierEvent =
  | { readonly type: 'note'; readonly message: string }
  | (StartedEvent & { readonly runtime: string })
  | ClassifyDatasetEvent;

/** Accuracy of one class. */
export interface ClassAccuracy {
  /** Name of the class. */
  readonly name: string;
  /** Number of images. */
  readonly images: number;
  /** Share of its images that are classified correctly, 0–1. */
  readonly accuracy: number;
  /** The wrong class that its images most often get, with the number of these images. */
  readonly takenFor?:
    | {
        /** Name of that class. */
        readonly name: string;
        /** Number of images. */
        readonly images: number;
      }
    | undefined;
}

/** Accuracy of a classifier. */
export interface ClassifierReport {
  /** Number of images. */
  readonly images: number;
  /** Share of images whose class scores highest, 0–1. */
  readonly top1: number;
  /** Share of images whose class is among the five highest-scoring ones, 0–1. */
  readonly top5: number;
  /** Accuracy of each class that has images. */
  readonly perClass: readonly ClassAccuracy[];
  /** Notes, one line each. */
  readonly notes: readonly string[];
}

/**
 * The task of a model.
 * @throws MicroYoloError if it cannot be loaded
 */
export async function modelTask(model: string): Promise<'detection' | 'classification'> {
  if ((await graphFileKind(await modelFile(model))) !== undefined) return 'detection';
  return classesOutput((await loadNetwork(model)).network) ? 'classification' : 'detection';
}

function classAccuracies(
  confusion: readonly (readonly number[])[],
  classes: readonly string[],
): readonly ClassAccuracy[] {
  return confusion.flatMap((row, own) => {
    const images = row.reduce((sum, count) => sum + count, 0);
    if (images === 0) return [];
    const others = row.map((count, id) => (id === own ? 0 : count));
    const most = Math.max(...others);
    const takenFor = most > 0 ? { name: classes[others.indexOf(most)]!, images: most } : undefined;
    return [{ name: classes[own]!, images, accuracy: row[own]! / images, takenFor }];
  });
}

/** Explains the accuracy of a classifier that has learned nothing. */
function explainClasses(
  confusion: readonly (readonly number[])[],
  classes: readonly string[],
  top1: number,
): readonly string[] {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const images = total(confusion.map(total));
  const ofData = confusion.filter((row) => total(row) > 0).length;
  const told = classes.map((_, id) => total(confusion.map((row) => row[id]!)));
  const most = Math.max(...told);
  const name = classes[told.indexOf(most)]!;
  if (most === images && ofData > 1)
    return [
      `all ${images} images are classified as ${name}: the model does not distinguish any of the ${ofData} classes`,
    ];
  if (images > 0 && top1 === 0)
    return [
      `none of ${images} images is classified correctly, ${most} are classified as ${name}: compare the order of the model's class names with the data's`,
    ];
  return [];
}

/**
 * Evaluates a classifier on a data set: top-1, top-5, and each class.
 * @throws MicroYoloError if the model or data cannot be used, or no image can be used
 */
export async function evaluateClassifier(
  options: EvaluateClassifierOptions,
  watch: Watch<EvaluateClassifierEvent> = {},
): Promise<ClassifierReport> {
  const onEvent = watching(watch);
  checkOptions('evaluateClassifier options', options, KINDS);
  const { data, split, model: name, ...loading } = options;
  const { weights, names } = loading;
  const unread: DatasetProblem[] = [];
  const dataset = await readSplit(data, { split, onProblem: (problem) => unread.push(problem) });
  if (dataset.images.length === 0 && unread[0]) throw problemError(unread[0]);
  const { model, warnings } = await loadModel(name, { weights, names });
  const notes: string[] = [];
  const onNote = (message: string) => {
    notes.push(message);
    onEvent({ type: 'note', message });
  };
  warnings.forEach(onNote);
  await using classifier = await loadClassifier(model, loading);
  const images = dataset.images.length + unread.length;
  onEvent({ type: 'started', runtime: classifier.runtime, total: images });
  const skipped = unread.map(problemError);
  for (const [place, error] of skipped.entries()) {
    onEvent({ type: 'skipped', image: unread[place]!.place, error });
  }
  const { confusion, ...metrics } = await classifyDataset(classifier, dataset, (event) => {
    if (event.type === 'skipped') skipped.push(event.error);
    if (event.type === 'note') onNote(event.message);
    else onEvent(event);
  });
  refuseNoImages(images, skipped);
  explainClasses(confusion, model.classes, metrics.top1).forEach(onNote);
  return { ...metrics, perClass: classAccuracies(confusion, model.classes), notes };
}
