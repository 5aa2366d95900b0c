import type { Worker } from 'node:worker_threads';
import { MicroYoloError } from '../../errors.ts';
import { startWorker } from '../../threads.ts';
import type { Answer, Request, WorkerStart } from './messages.ts';

type Pending = { resolve(answer: Answer): void; reject(error: Error): void };

/** A worker thread that answers each request in turn. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #pending: Pending[] = [];
  #dead: Error | undefined;

  private constructor(start: WorkerStart) {
    this.#worker = startWorker('./worker', import.meta.url, start);
    this.#worker.on('message', (answer: Answer) => {
      const pending = this.#pending.shift();
      if (answer.type === 'failed') pending?.reject(new MicroYoloError('unsupported', answer.message));
      else pending?.resolve(answer);
    });
    const die = (error: Error) => {
      this.#dead = error;
      for (const { reject } of this.#pending.splice(0)) reject(error);
    };
    this.#worker.on('error', die);
    this.#worker.on('exit', (code) => die(new Error(`the training thread ended with code ${code}`)));
  }

  static async start(start: WorkerStart): Promise<WorkerThread> {
    const thread = new WorkerThread(start);
    await thread.#next();
    return thread;
  }

  #next(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#dead) reject(this.#dead);
      else this.#pending.push({ resolve, reject });
    });
  }

  ask(request: Request): Promise<Answer> {
    const answer = this.#next();
    if (!this.#dead) this.#worker.postMessage(request);
    return answer;
  }

  async close(): Promise<void> {
    if (!this.#dead) await this.ask({ type: 'close' });
    await this.#worker.terminate();
  }
}
