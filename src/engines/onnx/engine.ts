import { MicroYoloError } from '../../errors.ts';
import type { Tensor, Tensors } from '../../graph/operations.ts';
import { encodeOnnx } from '../../onnx/file.ts';
import type { LoweredStep } from '../../onnx/lowered-step.ts';
import type { SessionTensors } from '../../runtime/node.ts';
import type { Batch, StepGraph, StepResult, TrainingEngine } from '../engine.ts';
import { WorkerThread } from './worker-thread.ts';

export interface OnnxEngineOptions {
  /** CPU threads. @default as many as there are cores */
  readonly threads?: number | undefined;
  /** File prefix of a profile of all steps, complete when the engine is disposed. */
  readonly profile?: string | undefined;
}

/** Trains with ONNX Runtime: the whole step is one session in a worker thread. */
export class OnnxEngine implements TrainingEngine {
  readonly name: string;
  readonly #step: StepGraph;
  readonly #lowered: LoweredStep;
  readonly #thread: WorkerThread;
  #closed = false;

  private constructor(step: StepGraph, lowered: LoweredStep, thread: WorkerThread) {
    this.name = `onnx-${lowered.layout}`;
    this.#step = step;
    this.#lowered = lowered;
    this.#thread = thread;
  }

  static async create(
    step: StepGraph,
    lowered: LoweredStep,
    state: Tensors,
    options: OnnxEngineOptions = {},
  ): Promise<OnnxEngine> {
    const missing = step.graph.parameters.find(({ name }) => !state.has(name));
    if (missing) throw new MicroYoloError('invalid-argument', `state: ${missing.name} is missing`);
    const { next, finite } = step;
    const { threads, profile } = options;
    const packed = packState(lowered, state);
    const model = encodeOnnx(lowered.model);
    return new OnnxEngine(
      step,
      lowered,
      await WorkerThread.start({ model, state: packed, next, finite, threads, profile }),
    );
  }

  async step(batch: Batch, scalars: Readonly<Record<string, number>>): Promise<StepResult> {
    this.#checkOpen();
    const feeds: Record<string, Batch[string]> = { ...batch };
    for (const name of this.#step.scalars) {
      const value = scalars[name];
      if (value === undefined) throw new MicroYoloError('invalid-argument', `scalar ${name} is missing`);
      feeds[name] = { shape: [], data: Float32Array.of(value) };
    }
    for (const { name, value } of this.#step.graph.inputs) {
      const given = feeds[name];
      if (given?.shape.join() !== value.shape.join()) {
        throw new MicroYoloError(
          'invalid-argument',
          `${name}: ${given ? given.shape.join('×') : 'nothing'} given, the step takes ${value.shape.join('×')}`,
        );
      }
    }
    const answer = await this.#thread.ask({ type: 'step', feeds });
    if (answer.type !== 'step') throw new Error(`unexpected answer ${answer.type}`);
    return answer.result;
  }

  #checkOpen(): void {
    if (this.#closed) {
      throw new MicroYoloError('invalid-argument', 'the engine is disposed; create another');
    }
  }

  async readState(): Promise<Tensors> {
    this.#checkOpen();
    const answer = await this.#thread.ask({ type: 'read' });
    if (answer.type !== 'state') throw new Error(`unexpected answer ${answer.type}`);
    return new Map(
      Object.entries(answer.state).map(([name, { shape, data }]): [string, Tensor] => {
        const tensor = { shape, data: data as Float32Array };
        return [name, this.#lowered.packings.get(name)?.unpack(tensor) ?? tensor];
      }),
    );
  }

  async writeState(state: Tensors): Promise<void> {
    this.#checkOpen();
    const known = new Map(this.#step.graph.parameters.map(({ name, value }) => [name, value.shape]));
    for (const [name, { shape }] of state) {
      if (known.get(name)?.join() !== shape.join()) {
        const expected = known.get(name)?.join('×') ?? 'no such tensor';
        throw new MicroYoloError(
          'invalid-argument',
          `state ${name}: ${shape.join('×')}, expected ${expected}`,
        );
      }
    }
    await this.#thread.ask({ type: 'write', state: packState(this.#lowered, state) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#thread.close();
  }
}

function packState({ packings }: LoweredStep, state: Tensors): SessionTensors {
  return Object.fromEntries(
    [...state].map(([name, tensor]) => [name, packings.get(name)?.pack(tensor) ?? tensor]),
  );
}
