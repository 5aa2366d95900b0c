/** The thread that trains: it holds session and state, so that its caller's event loop stays free. */
import { parentPort, workerData } from 'node:worker_threads';
import { createSession, type Session, type SessionTensor } from '../../runtime/node.ts';
import type { StepResult } from '../engine.ts';
import type { Answer, Request, WorkerStart } from './messages.ts';

/** Two buffers for every state tensor: a step reads one and writes the other. */
class StepState {
  readonly #start: WorkerStart;
  readonly #session: Session;
  #current: Record<string, SessionTensor>;
  #spare: Record<string, SessionTensor>;
  readonly #metrics: Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

  constructor(session: Session, start: WorkerStart) {
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

  async step(feeds: Readonly<Record<string, SessionTensor>>): Promise<StepResult> {
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

  read(): Readonly<Record<string, SessionTensor>> {
    return this.#current;
  }

  write(state: Readonly<Record<string, SessionTensor>>): void {
    for (const [name, { data }] of Object.entries(state)) this.#current[name]!.data.set(data);
  }
}

const port = parentPort!;
const answer = (message: Answer) => port.postMessage(message);

async function serve(): Promise<void> {
  const start = workerData as WorkerStart;
  const session = await createSession(start.model, { ...start, restBetweenRuns: true });
  const state = new StepState(session, start);
  const handle = async (request: Request): Promise<Answer> => {
    switch (request.type) {
      case 'step':
        return { type: 'step', result: await state.step(request.feeds) };
      case 'read':
        return { type: 'state', state: state.read() };
      case 'write':
        state.write(request.state);
        return { type: 'done' };
      case 'close':
        if (start.profile !== undefined) session.endProfile();
        await session[Symbol.asyncDispose]();
        return { type: 'done' };
    }
  };
  let queue = Promise.resolve();
  port.on('message', (request: Request) => {
    queue = queue.then(async () => {
      try {
        answer(await handle(request));
      } catch (error) {
        answer({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
      }
      if (request.type === 'close') port.close();
    });
  });
  answer({ type: 'ready' });
}

serve().catch((error: unknown) => {
  answer({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  port.close();
});
