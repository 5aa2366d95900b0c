/** The training thread. It holds the session and the state, so that the caller's event loop is not blocked. */
import { workerData } from 'node:worker_threads';
import type { StepStart } from '../../step/messages.ts';
import { type ServedStep, serveStep } from '../../step/serve.ts';
import type { Device, StepResult } from '../../step/step-executor.ts';
import type { SessionOptions } from '../session/options.ts';
import { createSession, type Session, type SessionTensor, type SessionTensors } from '../session/session.ts';

/** Start message of the worker: a compiled step, and its state in the step's own layout. */
interface OnnxStart extends StepStart, SessionOptions {
  readonly model: Uint8Array;
}

const DEVICES: Readonly<Record<NonNullable<SessionOptions['provider']>, Device>> = {
  cpu: { kind: 'cpu', name: 'CPU' },
  cuda: { kind: 'gpu', name: 'CUDA' },
  webgpu: { kind: 'gpu', name: 'WebGPU' },
};

/** Each state tensor has two buffers: a step reads one and writes the other. */
class OnnxStep implements ServedStep {
  readonly device: Device;
  readonly #start: OnnxStart;
  readonly #session: Session;
  #current: Record<string, SessionTensor>;
  #spare: Record<string, SessionTensor>;
  readonly #metrics: Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

  constructor(session: Session, start: OnnxStart) {
    this.device = DEVICES[start.provider ?? 'cpu'];
    this.#session = session;
    this.#start = start;
    this.#current = { ...start.state };
    const outputs = new Set(session.outputs);
    const moving = Object.entries(start.state).filter(([name]) => outputs.has(start.next + name));
    this.#spare = Object.fromEntries(
      moving.map(([name, { shape, data }]) => [name, { shape, data: new Float32Array(data.length) }]),
    );
    const metrics = session.outputs.filter((name) => !name.startsWith(start.next));
    this.#metrics = Object.fromEntries(
      metrics.map((name) => [name, { shape: [1], data: new Float32Array(1) }]),
    );
  }

  async step(feeds: SessionTensors): Promise<StepResult> {
    const { next, finite } = this.#start;
    const results = Object.fromEntries(
      Object.entries(this.#spare).map(([name, tensor]) => [next + name, tensor]),
    );
    const started = performance.now();
    await this.#session.runInto({ ...this.#current, ...feeds }, { ...results, ...this.#metrics });
    const milliseconds = performance.now() - started;
    const metrics = Object.fromEntries(
      Object.entries(this.#metrics).map(([name, { data }]) => [name, data[0]!]),
    );
    const accepted = metrics[finite] === 1;
    if (accepted) {
      for (const [name, fresh] of Object.entries(this.#spare)) {
        this.#spare[name] = this.#current[name]!;
        this.#current[name] = fresh;
      }
    }
    return { metrics, accepted, milliseconds };
  }

  async read(): Promise<SessionTensors> {
    return this.#current;
  }

  async write(state: SessionTensors): Promise<void> {
    for (const [name, { data }] of Object.entries(state)) this.#current[name]!.data.set(data);
  }

  async close(): Promise<void> {
    if (this.#start.profile !== undefined) this.#session.endProfile();
    await this.#session[Symbol.asyncDispose]();
  }
}

serveStep(async () => {
  const start = workerData as OnnxStart;
  return new OnnxStep(await createSession(start.model, { ...start, restBetweenRuns: true }), start);
});
