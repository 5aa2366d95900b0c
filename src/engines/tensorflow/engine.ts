import type { Tensors } from '../../graph/operations.ts';
import type { TensorFlowBackend } from '../../tensorflow/load.ts';
import type { StepGraph, TrainingEngine } from '../engine.ts';
import { WorkerEngine } from '../worker-engine.ts';

/** Trains on TensorFlow.js, operation by operation, in a worker thread. */
export function createTensorFlowEngine(
  step: StepGraph,
  state: Tensors,
  backend: TensorFlowBackend,
): Promise<TrainingEngine> {
  return WorkerEngine.create(step, state, {
    name: backend,
    module: './tensorflow/worker',
    start: { graph: step.graph, backend },
  });
}
