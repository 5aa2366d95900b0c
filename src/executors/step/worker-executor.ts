import { elementCount } from '../../foundation/element-count.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Shape, Tensor, Tensors } from '../../graph/operations.ts';
import type { Packing } from '../onnx/lowered-step.ts';
import type { SessionTensors } from '../onnx/session/session.ts';
import { WorkerThread } from '../thread/worker-thread.ts';
import type { Answer, Request, StepStart } from './messages.ts';
import type { Batch, Device, StepGraph, StepResult, TrainingEngine } from './step-executor.ts';

export interface WorkerEngineOptions {
  readonly name: string;
  /** The worker's module, relative to `thread/worker-thread.ts` and without extension. */
  readonly module: string;
  /** Start message of the worker, besides the state. */
  readonly start: object;
  /** Layout by state tensor. @default all have the graph's layout */
  readonly packings?: ReadonlyMap<string, Packing> | undefined;
}

type StepThread = WorkerThread<Request, Answer>;

/** An engine whose steps run in a worker thread. It checks the inputs, and returns the results. */
export class WorkerEngine implements TrainingEngine {
  readonly name: string;
  readonly device: Device;
  readonly #step: StepGraph;
  readonly #thread: StepThread;
  readonly #packings: ReadonlyMap<string, Packing>;
  #closed = false;

  private constructor(
    step: StepGraph,
    { name, packings = new Map() }: WorkerEngineOptions,
    thread: StepThread,
    device: Device,
  ) {
    this.name = name;
    this.device = device;
    this.#step = step;
    this.#thread = thread;
    this.#packings = packings;
  }

  static async create(step: StepGraph, state: Tensors, options: WorkerEngineOptions): Promise<WorkerEngine> {
    for (const { name, value } of step.graph.parameters) {
      const tensor = state.get(name);
      if (!tensor) throw new MicroYoloError('invalid-argument', `state: ${name} is missing`);
      checkTensor(`state ${name}`, tensor, value.shape);
    }
    const { next, finite } = step;
    const packed = packState(options.packings, state);
    const start: StepStart = { ...options.start, state: packed, next, finite };
    const { thread, ready } = await WorkerThread.start<Request, Answer>(options.module, start, {
      name: 'the training thread',
    });
    if (ready.type !== 'ready') throw new Error(`unexpected answer ${ready.type}`);
    return new WorkerEngine(step, options, thread, ready.device);
  }

  async step(batch: Batch, scalars: Readonly<Record<string, number>>): Promise<StepResult> {
    this.#checkOpen();
    const given: Record<string, Batch[string]> = { ...batch };
    for (const name of this.#step.scalars) {
      const value = scalars[name];
      if (value === undefined) throw new MicroYoloError('invalid-argument', `scalar ${name} is missing`);
      given[name] = { shape: [], data: Float32Array.of(value) };
    }
    const feeds = Object.fromEntries(
      this.#step.graph.inputs.map(({ name, value }) => {
        const tensor = given[name];
        if (tensor) checkTensor(name, tensor, value.shape);
        else
          throw new MicroYoloError(
            'invalid-argument',
            `${name}: missing, the step expects ${value.shape.join('×')}`,
          );
        return [name, tensor];
      }),
    );
    const answer = await this.#thread.ask({ type: 'step', feeds });
    if (answer.type !== 'step') throw new Error(`unexpected answer ${answer.type}`);
    return answer.result;
  }

  #checkOpen(): void {
    if (this.#closed) {
      throw new MicroYoloError('disposed', 'the engine is disposed; create a new one');
    }
  }

  async readState(): Promise<Tensors> {
    this.#checkOpen();
    const answer = await this.#thread.ask({ type: 'read' });
    if (answer.type !== 'state') throw new Error(`unexpected answer ${answer.type}`);
    return new Map(
      Object.entries(answer.state).map(([name, { shape, data }]): [string, Tensor] => {
        const tensor = { shape, data: data as Float32Array };
        return [name, this.#packings.get(name)?.unpack(tensor) ?? tensor];
      }),
    );
  }

  async writeState(state: Tensors): Promise<void> {
    this.#checkOpen();
    const known = new Map(this.#step.graph.parameters.map(({ name, value }) => [name, value.shape]));
    for (const [name, tensor] of state) {
      const shape = known.get(name);
      if (!shape)
        throw new MicroYoloError('invalid-argument', `state ${name}: the step has no such tensor`, {
          field: 'state',
          received: name,
        });
      checkTensor(`state ${name}`, tensor, shape);
    }
    await this.#thread.ask({ type: 'write', state: packState(this.#packings, state) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#thread.close({ type: 'close' });
  }
}

/** Engines do not check lengths. A tensor that is too short would leave old values, or produce NaN. */
function checkTensor(name: string, { shape, data }: Batch[string], expected: Shape): void {
  const count = elementCount(shape);
  if (shape.join() === expected.join() && data.length === count) return;
  throw new MicroYoloError(
    'invalid-argument',
    `${name}: ${shape.join('×')} with ${data.length} values, the step expects ${expected.join('×')}`,
  );
}

function packState(packings: ReadonlyMap<string, Packing> | undefined, state: Tensors): SessionTensors {
  return Object.fromEntries(
    [...state].map(([name, tensor]) => [name, packings?.get(name)?.pack(tensor) ?? tensor]),
  );
}
