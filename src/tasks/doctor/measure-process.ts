/** A process that measures one runtime. Isolates crashes and logs of native libraries. */
import type { RuntimeName } from '../../executors/names.ts';
import { type Measured, measureRuntime } from './measure.ts';

/** Final message of the process. */
export type MeasureAnswer = { readonly measured: Measured } | { readonly problem: string };

const answer = (message: MeasureAnswer) => process.send!(message, () => process.exit(0));

// Keeps warnings, because they name missing libraries.
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
measureRuntime(process.argv[1] as RuntimeName).then(
  (measured) => answer({ measured }),
  (error: unknown) => answer({ problem: error instanceof Error ? error.message : String(error) }),
);
