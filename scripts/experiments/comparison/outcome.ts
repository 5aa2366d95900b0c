import { join } from 'node:path';
import { evaluateModel } from '../../../src/api/index.ts';
import { buildDetector, networkCost } from '../../../src/api/networks.ts';
import { readCheckpoint } from '../../../src/api/training.ts';

export const MODELS = ['micro-yolo', 'yolov3-tiny'] as const;
export type Model = (typeof MODELS)[number];

/** Side of the evaluated input in pixels. */
export const SIZE = 320;

/** What the training of one model led to. Shares of 0 to 1. */
export interface Outcome {
  readonly AP: number;
  readonly AP50: number;
  readonly AP75: number;
  readonly epochs: number;
  /** Duration of all legs. */
  readonly minutes: number;
  /** AP50 still gained on the validation images in the last fifth of the last leg: near 0 if learning has converged. */
  readonly lateRise: number;
}

export const bestOf = (folder: string) => join(folder, 'best.safetensors');

/** @param folders the runs of a model's legs, in order */
export async function measure(data: string, split: string, folders: readonly string[]): Promise<Outcome> {
  const { metrics } = await evaluateModel({ data, split, model: bestOf(folders.at(-1)!) });
  const runs = await Promise.all(folders.map(async (folder) => (await readCheckpoint(folder)).run));
  const { history } = runs.at(-1)!;
  const best = (part: typeof history) => Math.max(...part.map(({ AP50 }) => AP50 ?? 0));
  const lateRise = best(history) - best(history.slice(0, Math.ceil(0.8 * history.length)));
  const minutes = runs.reduce((sum, { seconds }) => sum + seconds / 60, 0);
  const { AP, AP50, AP75 } = metrics;
  return { AP, AP50, AP75, epochs: runs.flatMap((run) => run.history).length, minutes, lateRise };
}

/** Accuracy of a model on a data set, averaged over the seeds, and what the model costs. */
export interface Mean {
  readonly data: string;
  readonly model: Model;
  readonly parameters: number;
  readonly macs: number;
  readonly AP50: number;
  readonly AP: number;
}

/** @param runs one for each seed */
export function meansOf(
  data: string,
  classes: number,
  runs: readonly Readonly<Record<Model, Outcome>>[],
): Mean[] {
  return MODELS.map((model) => {
    const { parameters, macs } = networkCost(buildDetector(model, { classes, size: SIZE }));
    const mean = (figure: 'AP' | 'AP50') =>
      runs.reduce((sum, run) => sum + run[model][figure], 0) / runs.length;
    return { data, model, parameters: parameters.trainable, macs, AP50: mean('AP50'), AP: mean('AP') };
  });
}
