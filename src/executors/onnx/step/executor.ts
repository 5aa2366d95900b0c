import type { Tensors } from '../../../graph/operations.ts';
import type { StepGraph, TrainingEngine } from '../../step/step-executor.ts';
import { WorkerEngine } from '../../step/worker-executor.ts';
import { encodeOnnx } from '../file.ts';
import type { LoweredStep } from '../lowered-step.ts';
import type { Provider } from '../session/options.ts';

export interface OnnxEngineOptions {
  /** CPU threads. @default the number of cores */
  readonly threads?: number | undefined;
  /** File prefix for a profile of all steps, which is complete when the engine is disposed. */
  readonly profile?: string | undefined;
}

/** Creates an engine that trains with ONNX Runtime. The whole step is one session in a worker thread. */
export function createOnnxEngine(
  step: StepGraph,
  lowered: LoweredStep,
  state: Tensors,
  { threads, profile }: OnnxEngineOptions = {},
  provider: Provider = 'cpu',
): Promise<TrainingEngine> {
  return WorkerEngine.create(step, state, {
    name: `onnx-${provider === 'cpu' ? lowered.layout : provider}`,
    module: '../onnx/step/worker',
    start: { model: encodeOnnx(lowered.model), threads, profile, provider },
    packings: lowered.packings,
  });
}
