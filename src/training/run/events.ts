import type { Size } from '../../boxes/formats.ts';
import type { Best, EpochRow } from './run.ts';

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
      /** A device that computes. */
      readonly engine: string;
      /** Where it computes. */
      readonly device: string;
    }
  | {
      readonly type: 'note';
      /** A note, in one line. */
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
      /** A device that computes. */
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
      /** Epoch, from 1. */
      readonly epoch: number;
      /** Steps so far, from 1. */
      readonly step: number;
      /** Share of the run that is done, 0–1. */
      readonly progress: number;
      /** Of this step. */
      readonly learningRate: number;
      /** Size of the network's input in this step, in pixels. */
      readonly input: Size;
      /** Losses and other metrics by name. */
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
      /** A note, in one line. */
      readonly message: string;
    }
  | {
      readonly type: 'evaluating';
      /** Epoch, from 1. */
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
      /** A note, in one line. */
      readonly message: string;
    };
