import type { Graph } from '../../../graph/operations.ts';
import type { SessionTensors } from '../../onnx/session/session.ts';
import type { StepStart } from '../../step/messages.ts';
import type { ServedStep } from '../../step/serve.ts';
import type { Device, StepResult } from '../../step/step-executor.ts';
import { GraphExecutor, type LaidTensor } from '../executor.ts';
import type { TensorFlow } from '../load.ts';
import { disposeAll, download, upload, uploadFeeds } from '../run.ts';

export interface TensorFlowStart extends StepStart {
  readonly graph: Graph;
}

/** A training step on TensorFlow.js. The state stays on the device, in the layout of the last step's outputs. */
export class TensorFlowStep implements ServedStep {
  readonly device: Device;
  readonly #tensorflow: TensorFlow;
  readonly #start: Omit<TensorFlowStart, 'state'>;
  readonly #executor: GraphExecutor;
  readonly #state = new Map<string, LaidTensor>();

  constructor(tensorflow: TensorFlow, { state, ...start }: TensorFlowStart) {
    this.device = tensorflow.device;
    this.#tensorflow = tensorflow;
    this.#start = start;
    this.#executor = new GraphExecutor(tensorflow.kernels, start.graph);
    this.#set(state);
  }

  #set(state: SessionTensors): void {
    this.#tensorflow.activate();
    for (const [name, tensor] of Object.entries(state)) {
      this.#state.get(name)?.tensor.dispose();
      this.#state.set(name, upload(this.#tensorflow, tensor));
    }
  }

  async step(feeds: SessionTensors): Promise<StepResult> {
    const { graph, next, finite } = this.#start;
    this.#tensorflow.activate();
    const started = performance.now();
    const outputs = this.#executor.run(uploadFeeds(this.#tensorflow, graph, feeds), this.#state);
    try {
      const metrics: Record<string, number> = {};
      for (const [name, laid] of outputs) {
        if (name.startsWith(next)) continue;
        metrics[name] = (await download(this.#tensorflow, laid)).data[0]!;
      }
      const accepted = metrics[finite] === 1;
      if (accepted) this.#moveOn(outputs);
      return { metrics, accepted, milliseconds: performance.now() - started };
    } finally {
      disposeAll(outputs);
    }
  }

  /** Moves the next state from a step's outputs to the state. */
  #moveOn(outputs: Map<string, LaidTensor>): void {
    const { next } = this.#start;
    for (const [output, laid] of outputs) {
      if (!output.startsWith(next)) continue;
      const name = output.slice(next.length);
      this.#state.get(name)!.tensor.dispose();
      this.#state.set(name, laid);
      outputs.delete(output);
    }
  }

  async read(): Promise<SessionTensors> {
    this.#tensorflow.activate();
    const read: Record<string, SessionTensors[string]> = {};
    for (const [name, laid] of this.#state) read[name] = await download(this.#tensorflow, laid);
    return read;
  }

  async write(state: SessionTensors): Promise<void> {
    this.#set(state);
  }

  async close(): Promise<void> {
    disposeAll(this.#state);
    this.#state.clear();
  }
}
