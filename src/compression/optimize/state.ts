import type { FileLine, OptimizeLine, StartLine, StepLine, Stop } from './lines.ts';
import { placeOf } from './moves.ts';

/** Share of the initial time that a step should save, until one is rejected. */
const SAVING = 0.05;

/** The current model of the search. */
export interface Position {
  /** 0 for the first model. */
  readonly step: number;
  /** The float model, in the output folder. */
  readonly file: string;
  /** Predicted milliseconds. */
  readonly predicted: number;
  readonly AP50: number;
}

/** State of the search, computed from the journal's lines. */
export interface State {
  readonly start: StartLine;
  readonly at: Position;
  /** Number of steps, including rejected ones. */
  readonly steps: number;
  /** Number of consecutive rejected steps. */
  readonly failures: number;
  /** Share of the initial time that the next step should save. */
  readonly saving: number;
  /** Parts that lost too much accuracy, or do not save time. */
  readonly frozen: ReadonlySet<string>;
  readonly files: readonly FileLine[];
  /** The last file of the search, with its predicted time. */
  readonly lastFile: (FileLine & { readonly predicted: number }) | undefined;
  /** Measured time divided by predicted time. */
  readonly slowness: number;
  /** AP50 that was last lost to 8 bits. */
  readonly int8Loss: number;
  readonly stop: Stop | undefined;
  readonly tuned: Extract<OptimizeLine, { readonly type: 'tuned' }> | undefined;
}

function afterStep(state: State, line: StepLine): State {
  const steps = line.step;
  if (line.accepted) {
    const { step, model, predicted, AP50 } = line;
    return { ...state, steps, failures: 0, at: { step, file: model!, predicted, AP50 } };
  }
  const failures = state.failures + 1;
  const [first, ...others] = line.moves;
  // Several moves at once may be too much. A single one is frozen.
  if (others.length > 0) return { ...state, steps, failures, saving: state.saving / 2 };
  return { ...state, steps, failures, frozen: new Set([...state.frozen, placeOf(first!)]) };
}

function afterFile(state: State, line: FileLine): State {
  const files = [...state.files, line];
  if (line.tuned) return { ...state, files };
  const { start, at } = state;
  const isOwn = line.precision === start.precision;
  return {
    ...{ ...state, files },
    lastFile: { ...line, predicted: at.predicted },
    slowness: isOwn ? line.ms / at.predicted : state.slowness,
    int8Loss: line.precision === 'int8' ? Math.max(0, at.AP50 - line.AP50) : state.int8Loss,
  };
}

/** @param first file of the first model */
export function stateOf(start: StartLine, lines: readonly OptimizeLine[], first: string): State {
  let state: State = {
    ...{ start, steps: 0, failures: 0, saving: SAVING, frozen: new Set(start.idle), files: [] },
    at: { step: 0, file: first, predicted: start.predicted, AP50: start.AP50 },
    ...{ lastFile: undefined, int8Loss: 0, stop: undefined, tuned: undefined },
    slowness: start.precision === 'float32' ? start.ms / start.predicted : 1,
  };
  for (const line of lines) {
    if (line.type === 'step') state = afterStep(state, line);
    else if (line.type === 'file') state = afterFile(state, line);
    else if (line.type === 'stop') state = { ...state, stop: line.why };
    else if (line.type === 'extended') state = { ...state, stop: undefined };
    else if (line.type === 'tuned') state = { ...state, tuned: line };
  }
  return state;
}
