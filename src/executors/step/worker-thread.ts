import type { Worker } from 'node:worker_threads';
import { errorOf } from '../../foundation/errors/plain-error.ts';
import { startWorker } from '../../foundation/threads.ts';
import type { Answer, Request, StepStart } from './messages.ts';
import type { Device } from './step-executor.ts';

type Pending = { resolve(answer: Answer): void; reject(error: Error): void };

/** A worker thread that answers each request in turn. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #pending: Pending[] = [];
  #dead: Error | undefined;

  private constructor(module: string, start: StepStart) {
    this.#worker = startWorker(module, import.meta.url, start);
    this.#worker.on('message', (answer: Answer) => {
      const pending = this.#pending.shift();
      if (answer.type === 'failed') pending?.reject(errorOf(answer.error));
      else pending?.resolve(answer);
    });
    const die = (error: Error) => {
      this.#dead ??= error;
      for (const { reject } of this.#pending.splice(0)) reject(this.#dead);
    };
    this.#worker.on('error', die);
    this.#worker.on('exit', (code) => die(new Error(`the training thread stopped with code ${code}`)));
  }

  /** @param module the worker's, relative to this one and without extension */
  static async start(
    module: string,
    start: StepStart,
  ): Promise<{ readonly thread: WorkerThread; readonly device: Device }> {
    const thread = new WorkerThread(module, start);
    const answer = await thread.#next();
    if (answer.type !== 'ready') throw new Error(`unexpected answer ${answer.type}`);
    return { thread, device: answer.device };
  }

  #next(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#dead) reject(this.#dead);
      else this.#pending.push({ resolve, reject });
    });
  }

  ask(request: Request): Promise<Answer> {
    // First: where it throws, no answer is to be waited for.
    if (!this.#dead) this.#worker.postMessage(request);
    return this.#next();
  }

  async close(): Promise<void> {
    if (!this.#dead) await this.ask({ type: 'close' });
    await this.#worker.terminate();
  }
}
