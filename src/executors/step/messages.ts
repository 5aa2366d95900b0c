import type { SessionTensors } from '../onnx/session.ts';
import type { Device, StepResult } from './step-executor.ts';

/** What every worker starts with; the rest is its engine's own. */
export interface StepStart {
  /** In the engine's own layout. */
  readonly state: SessionTensors;
  /** Prefix of the outputs that contain the next state. */
  readonly next: string;
  /** The output that is 0 where the next state must not be taken over. */
  readonly finite: string;
}

export type Request =
  | { readonly type: 'step'; readonly feeds: SessionTensors }
  | { readonly type: 'read' }
  | { readonly type: 'write'; readonly state: SessionTensors }
  | { readonly type: 'close' };

/** The answer to each request, in their order; the first answers the start. */
export type Answer =
  | { readonly type: 'ready'; readonly device: Device }
  | { readonly type: 'step'; readonly result: StepResult }
  | { readonly type: 'state'; readonly state: SessionTensors }
  | { readonly type: 'done' };
