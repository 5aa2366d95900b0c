import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { startProcess } from '../../foundation/threads.ts';
import type { TrialOutcome, TrialTask } from './trial.ts';
import type { TrialMessage } from './trial-process.ts';

/** Number of characters of a failed process's stderr that are kept for its error. */
const SHOWN = 200;

/**
 * Runs a trial in a separate process.
 * @returns undefined if interrupted
 * @throws MicroYoloError if the process fails
 */
export function runTrialProcess(task: TrialTask, signal: AbortSignal): Promise<TrialOutcome | undefined> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve(undefined);
    const child = startProcess('./trial-process', import.meta.url, JSON.stringify(task));
    const stop = () => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop);
    let message: TrialMessage | undefined;
    let errors = '';
    child.stderr!.on('data', (text: Buffer) => {
      errors = (errors + text.toString()).slice(-SHOWN);
    });
    child.on('message', (received: TrialMessage) => {
      message = received;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      if (message && 'outcome' in message) return resolve(message.outcome ?? undefined);
      if (signal.aborted) return resolve(undefined);
      const reason = message?.error ?? errors.trim().split('\n').at(-1) ?? '';
      reject(
        new MicroYoloError('unsupported', `trial ${task.name}: failed (${reason || `exit code ${code}`})`),
      );
    });
  });
}
