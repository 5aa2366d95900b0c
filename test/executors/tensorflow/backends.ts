import {
  loadTensorFlow,
  type TensorFlow,
  type TensorFlowBackend,
} from '../../../src/executors/tensorflow/load.ts';

export interface TestedBackend {
  readonly name: TensorFlowBackend;
  /** Not there where the machine lacks it. */
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

/** All backends; a folder that has their packages is named by MICRO_YOLO_TFJS. */
export const backends: readonly [TestedBackend, TestedBackend, TestedBackend] = [
  await load('tensorflow'),
  await load('webgpu'),
  await load('javascript'),
];
