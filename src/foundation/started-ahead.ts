import { availableParallelism } from 'node:os';
import { unlessAborted } from './abort.ts';

/** A source of items: a list or a stream. */
export type Many<T> = Iterable<T> | AsyncIterable<T>;

/** Default number of items started ahead: enough to keep every core busy, few enough to bound memory. */
const AHEAD = Math.min(32, Math.max(4, 2 * availableParallelism()));

/** Options for starting items ahead. */
export interface StartedAheadOptions {
  /** Maximum number of items started ahead. @default twice the number of cores, at least 4, at most 32 */
  readonly most?: number | undefined;
  /** Interrupts `peek`. */
  readonly signal?: AbortSignal | undefined;
}

/** Reads a limited number of items ahead from a source, and starts an asynchronous function for each. */
export class StartedAhead<T, R> {
  readonly #iterator: AsyncIterator<T> | Iterator<T>;
  readonly #start: (item: T) => Promise<R>;
  readonly #most: number;
  readonly #signal: AbortSignal | undefined;
  readonly #pending: { readonly result: Promise<R>; isReady: boolean }[] = [];
  #end: 'none' | 'over' | 'left' = 'none';
  /** Whether the source still owes an item that was requested. */
  #isAsking = false;
  #failure: { readonly error: unknown } | undefined;
  /** Wakes code that waits for an item or for room. */
  #changed: () => void = () => {};
  #change = Promise.resolve();

  constructor(
    source: Many<T>,
    start: (item: T) => Promise<R>,
    { most = AHEAD, signal }: StartedAheadOptions = {},
  ) {
    this.#iterator =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    this.#start = start;
    this.#most = most;
    this.#signal = signal;
    this.#renew();
    void this.#pull();
  }

  /** Whether the next result is ready. */
  get isReady(): boolean {
    return this.#pending[0]?.isReady ?? false;
  }

  /**
   * Waits for the next result without taking it. Undefined at the end.
   * @throws MicroYoloError `interrupted` if the signal aborts
   */
  peek(): Promise<{ readonly result: R } | undefined> {
    return unlessAborted(this.#next(), this.#signal);
  }

  async #next(): Promise<{ readonly result: R } | undefined> {
    while (this.#pending.length === 0) {
      if (this.#failure) throw this.#failure.error;
      if (this.#end !== 'none') return undefined;
      await this.#change;
    }
    return { result: await this.#pending[0]!.result };
  }

  /** Takes the result that `peek` returned. */
  take(): void {
    this.#pending.shift();
    this.#tell();
  }

  /** Closes the source if it has not ended. Does not wait for an item that it still owes, which might never come. */
  async leave(): Promise<void> {
    if (this.#end !== 'none') return;
    this.#end = 'left';
    this.#tell();
    const closed = Promise.resolve(this.#iterator.return?.());
    if (this.#isAsking) closed.catch(() => {});
    else await closed;
  }

  async #pull(): Promise<void> {
    try {
      while (this.#end === 'none') {
        if (this.#pending.length >= this.#most) {
          await this.#change;
          continue;
        }
        this.#isAsking = true;
        const next = await this.#iterator.next();
        this.#isAsking = false;
        if (next.done) this.#end = this.#end === 'none' ? 'over' : this.#end;
        else this.#push(next.value);
        this.#tell();
      }
    } catch (error) {
      this.#failure = { error };
      this.#end = 'over';
      this.#tell();
    }
  }

  #push(item: T): void {
    const one = { result: this.#start(item), isReady: false };
    const done = () => {
      one.isReady = true;
    };
    // Handles a rejection now, because the promise is awaited only later.
    one.result.then(done, done);
    this.#pending.push(one);
  }

  #tell(): void {
    this.#changed();
    this.#renew();
  }

  #renew(): void {
    this.#change = new Promise((resolve) => {
      this.#changed = resolve;
    });
  }
}
