/** A process that measures one runtime: a native library that crashes or logs does it here. */
import type { RuntimeName } from '../../executors/names.ts';
import { type Measured, measureRuntime } from './measure.ts';

/** What the process says at its end. */
export type MeasureAnswer = { readonly measured: Measured } | { readonly problem: string };

const answer = (message: MeasureAnswer) => process.send!(message, () => process.exit(0));

// Warnings name the libraries that are missing.
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
measureRuntime(process.argv[1] as RuntimeName).then(
  (measured) => answer({ measured }),
  (error: unknown) => answer({ problem: error instanceof Error ? error.message : String(error) }),
);
