import { availableParallelism } from 'node:os';

/** One or several: a list, or what gives one after the other. */
export type Many<T> = Iterable<T> | AsyncIterable<T>;

/** Started before they are asked for: enough to keep every core busy, few enough to bound memory. */
const AHEAD = Math.min(32, Math.max(4, 2 * availableParallelism()));
/** Takes things of a source before they are asked for, up to a number, and starts something for each. */
export class StartedAhead<T, R> {
  readonly #iterator: AsyncIterator<T> | Iterator<T>;
  readonly #start: (item: T) => Promise<R>;
  readonly #pending: { readonly result: Promise<R>; isReady: boolean }[] = [];
  #end: 'none' | 'over' | 'left' = 'none';
  #failure: { readonly error: unknown } | undefined;
  /** Wakes whoever waits for an item, or for room. */
  #changed: () => void = () => {};
  #change = Promise.resolve();

  constructor(source: Many<T>, start: (item: T) => Promise<R>) {
    this.#iterator =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    this.#start = start;
    this.#renew();
    void this.#pull();
  }

  /** Whether the next is there and ready. */
  get isReady(): boolean {
    return this.#pending[0]?.isReady ?? false;
  }

  /** The next without taking it; undefined at the end. */
  async peek(): Promise<{ readonly result: R } | undefined> {
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
    this.#signal();
  }

  /** Ends the source, if it has not ended. */
  async leave(): Promise<void> {
    if (this.#end !== 'none') return;
    this.#end = 'left';
    this.#signal();
    await this.#iterator.return?.();
  }

  async #pull(): Promise<void> {
    try {
      while (this.#end === 'none') {
        if (this.#pending.length >= AHEAD) {
          await this.#change;
          continue;
        }
        const next = await this.#iterator.next();
        if (next.done) this.#end = this.#end === 'none' ? 'over' : this.#end;
        else this.#push(next.value);
        this.#signal();
      }
    } catch (error) {
      this.#failure = { error };
      this.#end = 'over';
      this.#signal();
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

  #signal(): void {
    this.#changed();
    this.#renew();
  }

  #renew(): void {
    this.#change = new Promise((resolve) => {
      this.#changed = resolve;
    });
  }
}
