/** Final message of the process, which runs one trial. Its argument is a `TrialTask` as JSON. */
import { runTrial, type TrialTask } from './trial.ts';

export type TrialMessage =
  | { readonly outcome: Awaited<ReturnType<typeof runTrial>> | null }
  | { readonly error: string };

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
// If the parent process is gone, saves the training and ends.
process.on('disconnect', () => stop.abort());

const send = (message: TrialMessage) =>
  new Promise<void>((resolve) => {
    if (process.connected) process.send!(message, () => resolve());
    else resolve();
  });

try {
  const outcome = await runTrial(JSON.parse(process.argv[1]!) as TrialTask, stop.signal);
  await send({ outcome: outcome ?? null });
} catch (error) {
  await send({ error: error instanceof Error ? error.message : String(error) });
}
process.disconnect?.();
