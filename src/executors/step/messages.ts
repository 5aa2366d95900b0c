import type { SessionTensors } from '../onnx/session/session.ts';
import type { Device, StepResult } from './step-executor.ts';

/** Start message of every worker. Engines add their own fields. */
export interface StepStart {
  /** State in the engine's own layout. */
  readonly state: SessionTensors;
  /** Prefix of the outputs that contain the next state. */
  readonly next: string;
  /** Name of the output that is 0 if the next state must be discarded. */
  readonly finite: string;
}

export type Request =
  | { readonly type: 'step'; readonly feeds: SessionTensors }
  | { readonly type: 'read' }
  | { readonly type: 'write'; readonly state: SessionTensors }
  | { readonly type: 'close' };

/** Answers to requests, in order. The first one answers the start message. */
export type Answer =
  | { readonly type: 'ready'; readonly device: Device }
  | { readonly type: 'step'; readonly result: StepResult }
  | { readonly type: 'state'; readonly state: SessionTensors }
  | { readonly type: 'done' };
