import type { Size } from '../../boxes/formats.ts';
import type { Best, EpochRow } from './run.ts';

/** Images of a batch with their targets. */
export interface ShownBatch {
  /** Size of each image. */
  readonly input: Size;
  /** Pixels, [N, height, width, 3]. */
  readonly pixels: Uint8Array;
  /** File name of the main image of each training image; a mosaic or mixup contains others too. */
  readonly images: readonly string[];
  /** True boxes, [N, M, 4]: left, top, right, bottom in pixels. Unused ones are 0. Empty for a classifier. */
  readonly boxes: Float32Array;
  /** Classes of these boxes, [N, M]. */
  readonly classes: Float32Array;
}

/** Progress events of a run. */
export type TrainingEvent =
  /** The engine and the device. */
  | {
      readonly type: 'engine';
      /** Name of the engine. */
      readonly engine: string;
      /** Name of the device. */
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
  /** An image was decoded and cached, or skipped. */
  | {
      readonly type: 'image';
      /** Why the image is skipped. Undefined if it is used. */
      readonly problem?: string | undefined;
    }
  | {
      readonly type: 'started';
      /** Name of the engine. */
      readonly engine: string;
      /** Number of images. */
      readonly images: number;
      /** Number of batches in an epoch. */
      readonly batchesPerEpoch: number;
      /** Number of steps of the whole run. Undefined if the run ends after a time limit. */
      readonly steps: number | undefined;
      /** Where decoded images are kept. */
      readonly cache: string;
      /** Number of objects per image that a step has room for. */
      readonly truthRoom: number;
      /** Number of steps before a resume. */
      readonly step: number;
    }
  | {
      readonly type: 'step';
      /** Epoch, from 1. */
      readonly epoch: number;
      /** Number of steps so far, from 1. */
      readonly step: number;
      /** Progress of the run, 0–1. */
      readonly progress: number;
      /** Learning rate of this step. */
      readonly learningRate: number;
      /** Size of the network's input in this step, in pixels. */
      readonly input: Size;
      /** Losses and other metrics by name. */
      readonly metrics: Readonly<Record<string, number>>;
      /** Times of the step, of waiting for its batch, and of one core for making the batch. */
      readonly milliseconds: {
        /** Time of the step alone. */
        readonly step: number;
        /** Time spent waiting for the batch. */
        readonly waiting: number;
        /** One core's time for making the batch. */
        readonly loading: number;
      };
    }
  | {
      readonly type: 'skipped';
      /** Name of the image. */
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
      /** Time that writing the checkpoint took, in seconds. */
      readonly seconds: number;
    }
  /** A checkpoint could not be written. Training continues and tries again. */
  | {
      readonly type: 'checkpoint-failed';
      /** A note, in one line. */
      readonly message: string;
    };
