import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { lowerBlockedStep } from '../../../src/executors/onnx/blocked/lower.ts';
import { lowerPlainStep } from '../../../src/executors/onnx/plain/lower.ts';
import { blockSize } from '../../../src/executors/onnx/step/block-size.ts';
import type { Graph } from '../../../src/graph/operations.ts';
import { backends } from '../../executors/tensorflow/backends.ts';
import { type Outcome, runLowered, runOnTensorFlow } from './run-step.ts';
import { updateErrors, updateSketch } from './sketch.ts';
import { stepCase } from './step-cases.ts';

/** What scripts/goldens/training_step.ts stores about a case. */
export interface Golden {
  readonly title: string;
  /** PyTorch's metrics in float64, from the last run. */
  readonly metrics: Readonly<Record<string, number>>;
  /** By kind of state, the error of PyTorch's float32 against its float64, in the worse of its two layouts. */
  readonly float32: Readonly<Record<string, number>>;
  /** Sketches of everything that the runs added to the state; float64, little-endian, base64. */
  readonly update: string;
}

const fixture = new URL('fixtures/steps.json', import.meta.url);
export const goldens: ReadonlyMap<string, Golden> = new Map(
  (JSON.parse(readFileSync(fixture, 'utf8')) as readonly Golden[]).map((golden) => [golden.title, golden]),
);

/** An error this small, relative to the norm of an update, always passes. */
const FLOOR = 1e-6;

export const expectedUpdate = ({ update }: Golden) =>
  new Float64Array(new Uint8Array(Buffer.from(update, 'base64')).buffer);

export function expectMetrics({ metrics }: Outcome, golden: Golden, tolerance: number): void {
  for (const [name, value] of Object.entries({ ...golden.metrics, finite: 1 })) {
    expect(Math.abs(metrics[name]! - value), name).toBeLessThanOrEqual(tolerance * Math.abs(value));
  }
}

// If the machine has no blocks or no TensorFlow, there is nothing to test.
const block = await blockSize();
const [{ loaded: tensorflow }] = backends;
export type Run = (item: Parameters<typeof runLowered>[1]) => Promise<readonly Outcome[]>;
/** The ways to run a step. */
export const executions: readonly (readonly [name: string, run: Run | undefined])[] = [
  ['in the plain layout', (item) => runLowered(lowerPlainStep, item)],
  [
    'in the blocked layout',
    block === undefined
      ? undefined
      : (item) => runLowered((graph: Graph) => lowerBlockedStep(graph, block), item),
  ],
  ['on TensorFlow', tensorflow && ((item) => runOnTensorFlow(tensorflow, item))],
];

/** These take minutes in double precision. */
export const LARGE: readonly string[] = ['micro-yolo', 'yolov3-tiny'];

/** Expects a case's metrics and new state to be as near to PyTorch's float64 as PyTorch's float32 is. */
export async function expectNearPyTorch(run: Run, title: string): Promise<void> {
  const item = stepCase(title);
  const golden = goldens.get(title)!;
  const last = (await run(item)).at(-1)!;
  const errors = updateErrors(item.state, updateSketch(item.state, last.state), expectedUpdate(golden));
  const { float32 } = golden;
  expectMetrics(last, golden, 1e-5);
  for (const [kind, error] of Object.entries(errors)) {
    expect(error, kind).toBeLessThanOrEqual(2 * float32[kind]! + FLOOR);
  }
}
