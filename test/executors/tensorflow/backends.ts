import {
  loadTensorFlow,
  type TensorFlow,
  type TensorFlowBackend,
} from '../../../src/executors/tensorflow/load.ts';

export interface TestedBackend {
  readonly name: TensorFlowBackend;
  /** Undefined if the machine lacks it. */
  readonly loaded?: TensorFlow;
}

async function load(name: TensorFlowBackend): Promise<TestedBackend> {
  try {
    return { name, loaded: await loadTensorFlow(name) };
  } catch (error) {
    console.warn(`not tested: ${(error as Error).message}`);
    return { name };
  }
}

/** All backends. MICRO_YOLO_TFJS names a folder with their packages. */
export const backends: readonly [TestedBackend, TestedBackend, TestedBackend] = [
  await load('tensorflow'),
  await load('webgpu'),
  await load('javascript'),
];
