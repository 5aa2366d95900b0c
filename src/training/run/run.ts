import type { Dataset } from '../../datasets/dataset.ts';
import type { Tensors } from '../../graph/operations.ts';
import type { InputRecipe, Model } from '../../models/model.ts';
import type { Network } from '../../network/layers.ts';
import type { Teacher } from '../teacher/teacher.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { TrainingSettings } from './settings.ts';

/** Figures of an evaluation by name; `AP`, or a classifier's `top1`, decides which weights are the best. */
export type EvaluationMetrics = Readonly<Record<string, number>>;

/** All that a training run is made of. */
export interface TrainingRun {
  /** All settings. */
  readonly settings: TrainingSettings;
  /** Images to train with. */
  readonly dataset: Dataset;
  /** With the data's classes, at the input size of evaluation. */
  readonly network: Network;
  /** How images become the network's input. */
  readonly recipe: InputRecipe;
  /** What the models that it writes say of their origin. */
  readonly provenance: Model['provenance'];
  /** To begin with. */
  readonly weights: Tensors;
  /** Folder of the checkpoint and the models. */
  readonly folder: string;
  /** Checkpoint to continue from. */
  readonly resume?: Checkpoint | undefined;
  /** mAP of a model; without it `best` is the last. */
  readonly evaluate?: ((model: Model, epoch: number) => Promise<EvaluationMetrics | undefined>) | undefined;
  /** Needed where the settings name one. */
  readonly teacher?: Teacher | undefined;
  /** Fails where no GPU would compute the steps. @default false */
  readonly requireGpu?: boolean | undefined;
  /** Aborted, the run saves a checkpoint after the step under way and ends. */
  readonly signal?: AbortSignal | undefined;
}

/** Why a run ended. */
export type EndReason = 'finished' | 'no-better' | 'interrupted';

/** A row of a run's curves: an epoch's means. */
export type EpochRow = Readonly<Record<string, number>>;

/** The best evaluation so far. */
export interface Best {
  /** mAP, or top-1 of a classifier, 0–1. */
  readonly value: number;
  /** From 1. */
  readonly epoch: number;
}

/** How a run ended. */
export interface TrainingResult {
  /** Why it ended. */
  readonly reason: EndReason;
  /** Number of epochs that were trained, those before a resume included. */
  readonly epochs: number;
  /** Number of steps, those before a resume included. */
  readonly steps: number;
  /** Time it took, that before a resume included. */
  readonly seconds: number;
  /** Undefined if nothing was evaluated. */
  readonly best: Best | undefined;
  /** A row for each epoch. */
  readonly history: readonly EpochRow[];
}
