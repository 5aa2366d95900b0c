import type { Dataset } from '../../datasets/dataset.ts';
import type { Tensors } from '../../graph/operations.ts';
import type { InputRecipe, Model } from '../../models/model.ts';
import type { Network } from '../../network/layers.ts';
import type { Teacher } from '../teacher/teacher.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { TrainingSettings } from './settings.ts';

/** Metrics of an evaluation by name. `AP`, or a classifier's `top1`, decides which weights are best. */
export type EvaluationMetrics = Readonly<Record<string, number>>;

/** Everything that a training run needs. */
export interface TrainingRun {
  /** All settings. */
  readonly settings: TrainingSettings;
  /** Training images. */
  readonly dataset: Dataset;
  /** Network with the data's classes, at the input size of evaluation. */
  readonly network: Network;
  /** How images become the network's input. */
  readonly recipe: InputRecipe;
  /** Provenance of the models that the run writes. */
  readonly provenance: Model['provenance'];
  /** Initial weights. */
  readonly weights: Tensors;
  /** Folder of the checkpoint and the models. */
  readonly folder: string;
  /** Checkpoint to continue from. */
  readonly resume?: Checkpoint | undefined;
  /** Evaluates a model. Without it, `best` is the last model. */
  readonly evaluate?: ((model: Model, epoch: number) => Promise<EvaluationMetrics | undefined>) | undefined;
  /** Teacher. Required if the settings name one. */
  readonly teacher?: Teacher | undefined;
  /** Whether to fail if no GPU computes the steps. @default false */
  readonly requireGpu?: boolean | undefined;
  /** If it aborts, the run saves a checkpoint after the current step and ends. */
  readonly signal?: AbortSignal | undefined;
}

/** Reason why a run ended. */
export type EndReason = 'finished' | 'no-better' | 'interrupted';

/** Means of an epoch, as a row of the run's curves. */
export type EpochRow = Readonly<Record<string, number>>;

/** The best evaluation so far. */
export interface Best {
  /** mAP, or top-1 for a classifier, 0–1. */
  readonly value: number;
  /** Epoch, from 1. */
  readonly epoch: number;
}

/** Result of a run. */
export interface TrainingResult {
  /** Why it ended. */
  readonly reason: EndReason;
  /** Number of epochs, including those before a resume. */
  readonly epochs: number;
  /** Number of steps, including those before a resume. */
  readonly steps: number;
  /** Duration in seconds, including the time before a resume. */
  readonly seconds: number;
  /** The best evaluation. Undefined if nothing was evaluated. */
  readonly best: Best | undefined;
  /** Means of each epoch. */
  readonly history: readonly EpochRow[];
}
