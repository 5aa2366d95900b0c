import { availableParallelism } from 'node:os';
import { unlessAborted } from './abort.ts';

/** One or several: a list, or what gives one after the other. */
export type Many<T> = Iterable<T> | AsyncIterable<T>;

/** Started before they are asked for: enough to keep every core busy, few enough to bound memory. */
const AHEAD = Math.min(32, Math.max(4, 2 * availableParallelism()));

/** How far it goes ahead. */
export interface StartedAheadOptions {
  /** Most things started before they are asked for. @default enough for every core */
  readonly most?: number | undefined;
  /** Ends the waiting of whoever asks. */
  readonly signal?: AbortSignal | undefined;
}

/** Takes things of a source before they are asked for, up to a number, and starts something for each. */
export class StartedAhead<T, R> {
  readonly #iterator: AsyncIterator<T> | Iterator<T>;
  readonly #start: (item: T) => Promise<R>;
  readonly #most: number;
  readonly #signal: AbortSignal | undefined;
  readonly #pending: { readonly result: Promise<R>; isReady: boolean }[] = [];
  #end: 'none' | 'over' | 'left' = 'none';
  /** Whether the source was asked for something that it has not given yet. */
  #isAsking = false;
  #failure: { readonly error: unknown } | undefined;
  /** Wakes whoever waits for an item, or for room. */
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

  /** Whether the next is there and ready. */
  get isReady(): boolean {
    return this.#pending[0]?.isReady ?? false;
  }

  /**
   * The next without taking it; undefined at the end.
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

  /** Takes what `peek` has shown. */
  take(): void {
    this.#pending.shift();
    this.#tell();
  }

  /** Ends the source, if it has not ended. Does not wait for one that is waiting itself: it might never come back. */
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
    // Awaited later: until then nobody else would take an error of it.
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
