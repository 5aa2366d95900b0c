import type { Size } from '../boxes/formats.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Tensors } from '../graph/operations.ts';
import type { InputRecipe, Model } from '../model/model.ts';
import type { Network } from '../network/layers.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { TrainingSettings } from './settings.ts';
import type { TeacherMap, TeacherMaps } from './teacher-hints.ts';
import type { TeacherPrediction } from './teacher-targets.ts';

/** Figures of an evaluation by name; `AP`, or a classifier's `top1`, decides which weights are the best. */
export type EvaluationMetrics = Readonly<Record<string, number>>;

/** What a teacher sees in pictures. */
export interface TeacherView {
  /** By picture. */
  readonly predictions: readonly (readonly TeacherPrediction[])[];
  /** By layer: of the outputs, and of the layers that hints name. */
  readonly maps: Readonly<Record<string, TeacherMap>>;
}

/** A model that a run learns from. */
export interface Teacher extends AsyncDisposable {
  /** For each of the student's classes the teacher's, where it has one. */
  readonly classMap: readonly (number | undefined)[];
  /** Of a teacher of this library: without it the cells of its predictions are unknown. */
  readonly network?: Network | undefined;
  /** What hints can name, for pictures of a size of the student's input. @default nothing */
  readonly maps?: ((input: Size) => TeacherMaps) | undefined;
  /** What a model that learns from it says of it. @default nothing */
  readonly provenance?: Model['provenance'] | undefined;
  /** @param pixels [N, height, width, 3] of the student's input */
  look(pixels: Uint8Array, input: Size): Promise<TeacherView>;
}

/** All that a training run is made of. */
export interface TrainingRun {
  readonly settings: TrainingSettings;
  readonly dataset: Dataset;
  /** With the data's classes, at the input size of evaluation. */
  readonly network: Network;
  readonly recipe: InputRecipe;
  readonly provenance: Model['provenance'];
  /** To begin with. */
  readonly weights: Tensors;
  /** Folder of the checkpoint and the models. */
  readonly folder: string;
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

export interface Best {
  readonly value: number;
  /** From 1. */
  readonly epoch: number;
}

/** What happens in a run, for whoever shows it. */
export type TrainingEvent =
  /** What computes the steps, and where. */
  | { readonly type: 'engine'; readonly engine: string; readonly device: string }
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'reading'; readonly images: number }
  /** An image is decoded and cached, or cannot be and is left out. */
  | { readonly type: 'image'; readonly problem?: string | undefined }
  | {
      readonly type: 'started';
      readonly engine: string;
      readonly images: number;
      readonly batchesPerEpoch: number;
      /** Of the whole run; unknown where it ends by time. */
      readonly steps: number | undefined;
      readonly cache: string;
      readonly truthRoom: number;
      /** Steps that were taken before a resume. */
      readonly step: number;
    }
  | {
      readonly type: 'step';
      /** From 1. */
      readonly epoch: number;
      readonly step: number;
      readonly progress: number;
      readonly learningRate: number;
      readonly input: Size;
      readonly metrics: Readonly<Record<string, number>>;
      /** Of the step alone, of waiting for its batch, and one core's for making the batch. */
      readonly milliseconds: { readonly step: number; readonly waiting: number; readonly loading: number };
    }
  | { readonly type: 'skipped'; readonly image: string; readonly message: string }
  | { readonly type: 'evaluating'; readonly epoch: number }
  | {
      readonly type: 'epoch';
      readonly row: EpochRow;
      readonly best: Best | undefined;
      readonly isBest: boolean;
    }
  | { readonly type: 'checkpoint'; readonly seconds: number }
  /** Training goes on, and tries again. */
  | { readonly type: 'checkpoint-failed'; readonly message: string };

export interface TrainingResult {
  readonly reason: EndReason;
  readonly epochs: number;
  readonly steps: number;
  readonly seconds: number;
  readonly best: Best | undefined;
  readonly history: readonly EpochRow[];
}
