import type { LayerTime } from '../../compression/quantize/layer-times.ts';
import type { TrainEvent } from '../train/train-detector.ts';

/** What became of a convolution, and what that was decided by. */
export interface QuantizedLayer {
  /** The layer that its weights are named after, or the value that it gives. */
  readonly name: string;
  /** `pointwise`: a kernel of one weight; `depthwise`: each channel by itself; `dense`: all others. */
  readonly kind: 'dense' | 'pointwise' | 'depthwise';
  /** Channels that it reads. */
  readonly inChannels: number;
  /** Channels that it gives. */
  readonly outChannels: number;
  /** What it computes in. */
  readonly precision: 'int8' | 'float32';
  /** Why it stays in float. */
  readonly reason?: 'first layer' | 'last layer' | 'int8 is not faster' | 'harms AP50' | undefined;
  /** Milliseconds of the layer alone on this machine; undefined if it was not timed. */
  readonly milliseconds?: LayerTime | undefined;
  /** Squared error of the outputs if this layer alone is in 8 bits, as a share of their squares; undefined if not measured. */
  readonly damage?: number | undefined;
  /** Why its width slows 8 bits down; undefined if it fits. */
  readonly misfit?: string | undefined;
}

/** What training with 8 bits simulated gave. */
export interface FinetuningReport {
  /** Minutes of training. */
  readonly minutes: number;
  /** AP50 in 8 bits, before `maxDrop` leaves layers in float. */
  readonly AP50: {
    /** Without the training, 0–1. */
    readonly before: number;
    /** With it, 0–1. */
    readonly after: number;
  };
  /** Whether the trained weights are the better ones, and are written. */
  readonly kept: boolean;
}

/** What other activations gave. */
export interface SwapReport {
  /** Functions that were there. */
  readonly from: readonly string[];
  /** The one in their place. */
  readonly to: string;
  /** Of the network in 8 bits on this machine. */
  readonly milliseconds: {
    /** With the functions that were there. */
    readonly before: number;
    /** With the one in their place. */
    readonly after: number;
  };
  /** Of the network in 8 bits; undefined if it was not trained. */
  readonly AP50?:
    | {
        /** With the functions that were there, 0–1. */
        readonly before: number;
        /** With the one in their place, after training, 0–1. */
        readonly after: number;
      }
    | undefined;
  /** Whether it pays, and is written. */
  readonly kept: boolean;
  /** Why it is not. */
  readonly reason?: string | undefined;
}

/** A quantized model, and what it cost and brought. */
export interface QuantizeReport {
  /** The file that was written. */
  readonly path: string;
  /** Of the file that was written, and of the same graph in float. */
  readonly bytes: {
    /** Bytes of the graph in float. */
    readonly float32: number;
    /** Bytes of the file. */
    readonly quantized: number;
  };
  /** What the processor multiplies with: `AVX2 without VNNI`. */
  readonly machine: string;
  /** Of weights: 16 in half precision. */
  readonly weightBits: number;
  /** Convolutions in the graph's order; of `int8` alone. */
  readonly layers: readonly QuantizedLayer[];
  /** Median milliseconds of the whole network on this machine; undefined if it was not timed. */
  readonly milliseconds?: LayerTime | undefined;
  /** AP50 on the split evaluated; undefined without labeled data. */
  readonly AP50?:
    | {
        /** Of the model in float, 0–1. */
        readonly float32: number;
        /** Of the quantized model, 0–1. */
        readonly quantized: number;
      }
    | undefined;
  /** What training with 8 bits simulated gave; undefined without it. */
  readonly finetuning?: FinetuningReport | undefined;
  /** What other activations gave; undefined if none were tried. */
  readonly swap?: SwapReport | undefined;
  /** Images that calibrated. */
  readonly samples: number;
  /** Notes, one line each. */
  readonly notes: readonly string[];
}

/** What happens while a model is quantized. */
export type QuantizeEvent =
  | {
      readonly type: 'started';
      /** The next stage: `calibrating`, `measuring damage`, `timing layers`, `timing networks` or `evaluating`. */
      readonly stage: string;
      /** Steps that it has. */
      readonly steps: number;
    }
  /** A step of the stage is done. */
  | { readonly type: 'step' }
  | {
      readonly type: 'note';
      /** What to know, in one line. */
      readonly message: string;
    }
  | {
      readonly type: 'training';
      /** What happens in a training. */
      readonly event: TrainEvent;
    }
  /** An image that could not be used. */
  | {
      readonly type: 'skipped';
      /** Path of the image. */
      readonly image: string;
      /** Why it could not be used. */
      readonly message: string;
    };
