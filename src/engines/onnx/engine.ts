import type { Tensors } from '../../graph/operations.ts';
import { encodeOnnx } from '../../onnx/file.ts';
import type { LoweredStep } from '../../onnx/lowered-step.ts';
import type { Provider } from '../../runtime/node.ts';
import type { StepGraph, TrainingEngine } from '../engine.ts';
import { WorkerEngine } from '../worker-engine.ts';

export interface OnnxEngineOptions {
  /** CPU threads. @default as many as there are cores */
  readonly threads?: number | undefined;
  /** File prefix of a profile of all steps, complete when the engine is disposed. */
  readonly profile?: string | undefined;
}

/** Trains with ONNX Runtime: the whole step is one session in a worker thread. */
export function createOnnxEngine(
  step: StepGraph,
  lowered: LoweredStep,
  state: Tensors,
  { threads, profile }: OnnxEngineOptions = {},
  provider: Provider = 'cpu',
): Promise<TrainingEngine> {
  return WorkerEngine.create(step, state, {
    name: `onnx-${provider === 'cpu' ? lowered.layout : provider}`,
    module: './onnx/worker',
    start: { model: encodeOnnx(lowered.model), threads, profile, provider },
    packings: lowered.packings,
  });
}
