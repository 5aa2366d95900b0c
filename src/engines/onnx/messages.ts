import type { SessionTensors } from '../../runtime/node.ts';
import type { StepResult } from '../engine.ts';

/** What the worker starts with: a compiled step and its state in the step's own layout. */
export interface WorkerStart {
  readonly model: Uint8Array;
  readonly state: SessionTensors;
  /** Prefix of the outputs that hold the next state. */
  readonly next: string;
  /** The output that is 0 where the next state must not be taken over. */
  readonly finite: string;
  readonly threads?: number | undefined;
  /** File prefix of a profile of all steps. */
  readonly profile?: string | undefined;
}

export type Request =
  | { readonly type: 'step'; readonly feeds: SessionTensors }
  | { readonly type: 'read' }
  | { readonly type: 'write'; readonly state: SessionTensors }
  | { readonly type: 'close' };

/** The answer to each request, in their order; the first answers the start. */
export type Answer =
  | { readonly type: 'ready' }
  | { readonly type: 'step'; readonly result: StepResult }
  | { readonly type: 'state'; readonly state: SessionTensors }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly message: string };
