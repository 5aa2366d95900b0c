import type { Tensors } from '../../../graph/operations.ts';
import type { StepGraph, TrainingEngine } from '../../step/step-executor.ts';
import { WorkerEngine } from '../../step/worker-executor.ts';
import type { TensorFlowBackend } from '../load.ts';

/** Creates an engine that trains on TensorFlow.js, operation by operation, in a worker thread. */
export function createTensorFlowEngine(
  step: StepGraph,
  state: Tensors,
  backend: TensorFlowBackend,
): Promise<TrainingEngine> {
  return WorkerEngine.create(step, state, {
    name: backend,
    module: '../tensorflow/step/worker',
    start: { graph: step.graph, backend },
  });
}
