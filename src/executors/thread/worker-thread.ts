import type { Worker } from 'node:worker_threads';
import { errorOf } from '../../foundation/errors/plain-error.ts';
import { startWorker } from '../../foundation/threads.ts';
import type { Failed, Message } from './messages.ts';

interface Pending<Answer> {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

export interface WorkerThreadOptions {
  /** Name of the thread for error messages: `the training thread`. */
  readonly name: string;
  /** Whether it keeps the process alive while there are no requests. @default true */
  readonly keepsAlive?: boolean | undefined;
}

/** A worker thread that answers requests one after another: see `serve`. */
export class WorkerThread<Request extends Message, Answer extends Message> {
  readonly #worker: Worker;
  readonly #pending: Pending<Answer>[] = [];
  readonly #keepsAlive: boolean;
  #dead: Error | undefined;

  private constructor(module: string, start: unknown, { name, keepsAlive = true }: WorkerThreadOptions) {
    this.#keepsAlive = keepsAlive;
    this.#worker = startWorker(module, import.meta.url, start);
    this.#worker.on('message', (answer: Answer | Failed) => {
      const pending = this.#pending.shift();
      if (!this.#keepsAlive && this.#pending.length === 0) this.#worker.unref();
      if (answer.type === 'failed') pending?.reject(errorOf((answer as Failed).error));
      else pending?.resolve(answer as Answer);
    });
    const die = (error: Error) => {
      this.#dead ??= error;
      for (const { reject } of this.#pending.splice(0)) reject(this.#dead);
    };
    this.#worker.on('error', die);
    this.#worker.on('exit', (code) => die(new Error(`${name} ended with code ${code}`)));
  }

  /**
   * @param module path of the worker's module, relative to this one and without extension
   * @returns the thread, and its first answer
   */
  static async start<Request extends Message, Answer extends Message>(
    module: string,
    start: unknown,
    options: WorkerThreadOptions,
  ): Promise<{ readonly thread: WorkerThread<Request, Answer>; readonly ready: Answer }> {
    const thread = new WorkerThread<Request, Answer>(module, start, options);
    return { thread, ready: await thread.#next() };
  }

  #next(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#dead) {
        reject(this.#dead);
        return;
      }
      if (!this.#keepsAlive) this.#worker.ref();
      this.#pending.push({ resolve, reject });
    });
  }

  ask(request: Request): Promise<Answer> {
    // Post first: if this throws, no answer will come.
    if (!this.#dead) this.#worker.postMessage(request);
    return this.#next();
  }

  /** Asks the thread to close, and terminates it. */
  async close(request: Request): Promise<void> {
    if (!this.#dead) await this.ask(request);
    await this.#worker.terminate();
  }
}
