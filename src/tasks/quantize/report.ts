import type { LayerTime } from '../../compression/quantize/layer-times.ts';
import type { TrainEvent } from '../train/train-detector.ts';

/** Result for a convolution, with the measurements that decided it. */
export interface QuantizedLayer {
  /** Name of the layer, from its weights or its output. */
  readonly name: string;
  /** `pointwise`: a 1×1 kernel; `depthwise`: one kernel per channel; `dense`: all others. */
  readonly kind: 'dense' | 'pointwise' | 'depthwise';
  /** Number of input channels. */
  readonly inChannels: number;
  /** Number of output channels. */
  readonly outChannels: number;
  /** Precision of its computation. */
  readonly precision: 'int8' | 'float32';
  /** Why it stays in float. Undefined if it does not. */
  readonly reason?: 'first layer' | 'last layer' | 'int8 is not faster' | 'harms AP50' | undefined;
  /** Milliseconds of the layer alone on this machine. Undefined if it was not timed. */
  readonly milliseconds?: LayerTime | undefined;
  /**
   * Squared error of the network's outputs if only this layer is in 8 bits, divided by their sum of squares. Undefined
   * if not measured.
   */
  readonly damage?: number | undefined;
  /** Why its number of channels is slow in 8 bits. Undefined if it is not. */
  readonly misfit?: string | undefined;
}

/** Result of training with 8 bits simulated. */
export interface FinetuningReport {
  /** Minutes of training. */
  readonly minutes: number;
  /** AP50 in 8 bits, before layers are left in float for `maxDrop`. */
  readonly AP50: {
    /** Before training, 0–1. */
    readonly before: number;
    /** After training, 0–1. */
    readonly after: number;
  };
  /** Whether the trained weights are better, and therefore written. */
  readonly kept: boolean;
}

/** Result of swapping activations. */
export interface SwapReport {
  /** Replaced activations. */
  readonly from: readonly string[];
  /** The new activation. */
  readonly to: string;
  /** Median milliseconds of the network in 8 bits on this machine. */
  readonly milliseconds: {
    /** With the original activations. */
    readonly before: number;
    /** With the new activation. */
    readonly after: number;
  };
  /** AP50 of the network in 8 bits. Undefined if the swapped network was not trained. */
  readonly AP50?:
    | {
        /** With the original activations, 0–1. */
        readonly before: number;
        /** With the new activation, after training, 0–1. */
        readonly after: number;
      }
    | undefined;
  /** Whether the swap pays off, and is therefore written. */
  readonly kept: boolean;
  /** Why the swap is not kept. Undefined if it is. */
  readonly reason?: string | undefined;
}

/** Result of quantization. */
export interface QuantizeReport {
  /** Path of the written file. */
  readonly path: string;
  /** Sizes of the written file, and of the same graph in float. */
  readonly bytes: {
    /** Bytes of the graph in float. */
    readonly float32: number;
    /** Bytes of the file. */
    readonly quantized: number;
  };
  /** Instructions of the processor for integer products: `AVX2 without VNNI`. */
  readonly machine: string;
  /** Bits per weight: 4, 7, 8 or 16. */
  readonly weightBits: number;
  /** Convolutions, in the order of the graph. Empty for precisions other than `int8`. */
  readonly layers: readonly QuantizedLayer[];
  /** Median milliseconds of the whole network on this machine. Undefined if it was not timed. */
  readonly milliseconds?: LayerTime | undefined;
  /** AP50 on the evaluation split. Undefined without labeled data. */
  readonly AP50?:
    | {
        /** AP50 of the model in float, 0–1. */
        readonly float32: number;
        /** AP50 of the quantized model, 0–1. */
        readonly quantized: number;
      }
    | undefined;
  /** Result of training with 8 bits simulated. Undefined without training. */
  readonly finetuning?: FinetuningReport | undefined;
  /** Result of swapping activations. Undefined if none was tried. */
  readonly swap?: SwapReport | undefined;
  /** Number of calibration images. */
  readonly samples: number;
  /** Notes, one line each. */
  readonly notes: readonly string[];
}

/** Progress events of quantization. */
export type QuantizeEvent =
  | {
      readonly type: 'started';
      /** The next stage: `calibrating`, `measuring damage`, `timing layers`, `timing networks` or `evaluating`. */
      readonly stage: string;
      /** Number of steps of the stage. */
      readonly steps: number;
    }
  /** A step of the stage is done. */
  | { readonly type: 'step' }
  | {
      readonly type: 'note';
      /** A note, in one line. */
      readonly message: string;
    }
  | {
      readonly type: 'training';
      /** Progress event of the current training. */
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
