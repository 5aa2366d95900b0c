/** The training thread for TensorFlow.js, so that the caller's event loop is not blocked. */
import { workerData } from 'node:worker_threads';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { checkStep } from '../../step/self-check.ts';
import { serveStep } from '../../step/serve.ts';
import { loadTensorFlow, type TensorFlowBackend } from '../load.ts';
import { TensorFlowGraph } from '../run.ts';
import { type TensorFlowStart, TensorFlowStep } from './step.ts';

serveStep(async () => {
  const start = workerData as TensorFlowStart & { readonly backend: TensorFlowBackend };
  const tensorflow = await loadTensorFlow(start.backend);
  const problem = await checkStep(async (graph, tensors) => {
    await using tiny = new TensorFlowGraph(tensorflow, { graph, tensors });
    return await tiny.run(Object.fromEntries(graph.inputs.map(({ name }) => [name, tensors.get(name)!])));
  });
  if (problem !== undefined) {
    const { name } = tensorflow.device;
    throw new MicroYoloError('unsupported', `${start.backend} computes wrong results on ${name}: ${problem}`);
  }
  return new TensorFlowStep(tensorflow, start);
});
