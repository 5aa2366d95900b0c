import type { OptimizeLine } from '../../compression/optimize/lines.ts';
import type { TrainEvent } from '../train/train-detector.ts';

/** Progress events of optimizing. */
export type OptimizeEvent =
  | {
      readonly type: 'line';
      /** The line that was added to the journal. */
      readonly line: OptimizeLine;
    }
  | {
      readonly type: 'note';
      /** A note, in one line. */
      readonly message: string;
    }
  | {
      readonly type: 'progress';
      /** Current stage: `timing changes`, `measuring damage`, or a stage of `quantizeModel`. */
      readonly stage: string;
      /** Number of finished steps. */
      readonly done: number;
      /** Total number of steps. */
      readonly steps: number;
    }
  | {
      readonly type: 'training';
      /** Progress event of the current training. */
      readonly event: TrainEvent;
    };
