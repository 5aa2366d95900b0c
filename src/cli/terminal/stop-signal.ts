import { EXIT } from './report.ts';

/** What a long command listens to while it works. */
export interface StopSignal extends Disposable {
  /** Aborted by Ctrl+C or SIGTERM; asked twice, the process ends at once. */
  readonly signal: AbortSignal;
  /** Exit code of a command that was interrupted. */
  readonly exitCode: number;
}

/**
 * Listens to Ctrl+C and SIGTERM.
 * @param onStop called at the first signal
 */
export function stopSignal(onStop: () => void): StopSignal {
  const stop = new AbortController();
  let received: NodeJS.Signals | undefined;
  const code = (signal: NodeJS.Signals | undefined) =>
    signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
  const onSignal = (signal: NodeJS.Signals) => {
    // What was saved is there.
    if (received) process.exit(code(signal));
    received = signal;
    onStop();
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: stop.signal,
    get exitCode() {
      return code(received);
    },
    [Symbol.dispose]: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
