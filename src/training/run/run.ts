import type { Size } from '../../boxes/formats.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import type { Tensors } from '../../graph/operations.ts';
import type { InputRecipe, Model } from '../../models/model.ts';
import type { Network } from '../../network/layers.ts';
import type { TeacherMap, TeacherMaps } from '../teacher/hints.ts';
import type { TeacherPrediction } from '../teacher/targets.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { TrainingSettings } from './settings.ts';

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
  /** The teacher's class for each of the student's, if it has one. */
  readonly classMap: readonly (number | undefined)[];
  /** Of a teacher of this library: without it the cells of its predictions are unknown. */
  readonly network?: Network | undefined;
  /** What hints can name, for pictures of a size of the student's input. @default nothing */
  readonly maps?: ((input: Size) => TeacherMaps) | undefined;
  /** What a model that learns from it says of it. @default nothing */
  readonly provenance?: Model['provenance'] | undefined;
  /**
   * What the teacher sees in a batch.
   * @param pixels [N, height, width, 3] of the student's input
   */
  look(pixels: Uint8Array, input: Size): Promise<TeacherView>;
}

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

/** Pictures of a batch with what is taught of them. */
export interface ShownBatch {
  /** Of each picture. */
  readonly input: Size;
  /** [N, height, width, 3] */
  readonly pixels: Uint8Array;
  /** File names of the images that begin each picture. */
  readonly images: readonly string[];
  /** True boxes, [N, M, 4]: left, top, right, bottom in pixels, unused ones all 0; none of a classifier. */
  readonly boxes: Float32Array;
  /** Their classes, [N, M]. */
  readonly classes: Float32Array;
}

/** What happens in a run, for whoever shows it. */
export type TrainingEvent =
  /** What computes the steps, and where. */
  | {
      readonly type: 'engine';
      /** What computes. */
      readonly engine: string;
      /** Where it computes. */
      readonly device: string;
    }
  | {
      readonly type: 'note';
      /** What to know, in one line. */
      readonly message: string;
    }
  | {
      readonly type: 'reading';
      /** Number of images. */
      readonly images: number;
    }
  /** An image is decoded and cached, or cannot be and is left out. */
  | {
      readonly type: 'image';
      /** Why the image is left out; undefined if it is used. */
      readonly problem?: string | undefined;
    }
  | {
      readonly type: 'started';
      /** What computes. */
      readonly engine: string;
      /** Number of images. */
      readonly images: number;
      /** Number of batches in an epoch. */
      readonly batchesPerEpoch: number;
      /** Of the whole run; unknown where it ends by time. */
      readonly steps: number | undefined;
      /** Where decoded images are kept. */
      readonly cache: string;
      /** Objects of an image that a step has room for. */
      readonly truthRoom: number;
      /** Steps that were taken before a resume. */
      readonly step: number;
    }
  | {
      readonly type: 'step';
      /** From 1. */
      readonly epoch: number;
      /** Steps so far, from 1. */
      readonly step: number;
      /** Share of the run that is done, 0–1. */
      readonly progress: number;
      /** Of this step. */
      readonly learningRate: number;
      /** Size of the network's input in this step, in pixels. */
      readonly input: Size;
      /** Losses and other figures by name. */
      readonly metrics: Readonly<Record<string, number>>;
      /** Of the step alone, of waiting for its batch, and one core's for making the batch. */
      readonly milliseconds: {
        /** The step alone. */
        readonly step: number;
        /** Waiting for the batch. */
        readonly waiting: number;
        /** One core's time for making the batch. */
        readonly loading: number;
      };
    }
  | {
      readonly type: 'skipped';
      /** Which image. */
      readonly image: string;
      /** What to know, in one line. */
      readonly message: string;
    }
  | {
      readonly type: 'evaluating';
      /** From 1. */
      readonly epoch: number;
    }
  /** One of the first batches of a run, as the network sees it. */
  | ({ readonly type: 'batch' } & ShownBatch)
  | {
      readonly type: 'epoch';
      /** Means of the epoch, by name. */
      readonly row: EpochRow;
      /** The best evaluation so far. */
      readonly best: Best | undefined;
      /** Whether this epoch is the best so far. */
      readonly isBest: boolean;
    }
  | {
      readonly type: 'checkpoint';
      /** Time since the last checkpoint. */
      readonly seconds: number;
    }
  /** Training goes on, and tries again. */
  | {
      readonly type: 'checkpoint-failed';
      /** What to know, in one line. */
      readonly message: string;
    };

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
