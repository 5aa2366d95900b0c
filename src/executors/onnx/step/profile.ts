import { takeProfiledNodes } from '../profile.ts';

/** Time of an operation. */
export interface OperationTime {
  /** ONNX operation, such as `Conv`. */
  readonly operation: string;
  /** Shapes of its inputs, as text. */
  readonly shapes: readonly string[];
  /** Milliseconds per step. */
  readonly milliseconds: number;
}

/**
 * Reads and deletes the profile that a session wrote. Returns its operations by mean time per run, longest first. The
 * first run, which allocates memory, does not count.
 * @param prefix of the profile's file
 */
export async function takeProfile(prefix: string): Promise<readonly OperationTime[]> {
  const nodes = (await takeProfiledNodes(prefix)).map(({ operation, inputs, milliseconds }) => ({
    operation,
    shapes: inputs.map(({ shape }) => shape.join('×')),
    milliseconds: milliseconds.reduce((sum, time) => sum + time, 0) / milliseconds.length,
  }));
  return nodes.sort((a, b) => b.milliseconds - a.milliseconds);
}
