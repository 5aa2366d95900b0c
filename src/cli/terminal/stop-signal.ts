import { EXIT } from './report.ts';

/** Lets the user interrupt a long command. */
export interface StopSignal extends Disposable {
  /** Aborted by Ctrl+C or SIGTERM. A second signal ends the process at once. */
  readonly signal: AbortSignal;
  /** Exit code of the interrupted command. */
  readonly exitCode: number;
}

/**
 * Listens for Ctrl+C and SIGTERM.
 * @param onStop called at the first signal
 */
export function stopSignal(onStop: () => void): StopSignal {
  const stop = new AbortController();
  let received: NodeJS.Signals | undefined;
  const code = (signal: NodeJS.Signals | undefined) =>
    signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
  const onSignal = (signal: NodeJS.Signals) => {
    // Safe, because the last checkpoint is complete.
    if (received) process.exit(code(signal));
    received = signal;
    process.exitCode = code(signal);
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
