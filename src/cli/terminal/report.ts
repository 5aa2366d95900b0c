import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { inFlags } from '../flags/option-flags.ts';

export const EXIT = { done: 0, failed: 1, usage: 2, skipped: 3, interrupted: 130, terminated: 143 } as const;

/**
 * Prints an error on stderr: one line, or the stack with `debug`.
 * @returns the exit code
 */
export function reportError(error: unknown, { debug }: { readonly debug: boolean }): number {
  const message = error instanceof Error ? error.message : String(error);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  else if (error instanceof MicroYoloError) process.stderr.write(`error: ${inFlags(message)}\n`);
  else
    process.stderr.write(
      `error: ${message.split('\n')[0]}; this is a bug in micro-yolo; run again with --debug\n`,
    );
  if (!(error instanceof MicroYoloError)) return EXIT.failed;
  if (error.code === 'interrupted') return EXIT.interrupted;
  return error.code === 'invalid-argument' ? EXIT.usage : EXIT.failed;
}
