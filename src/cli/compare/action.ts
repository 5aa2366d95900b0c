import * as z from 'zod';
import { printable } from '../../foundation/errors/errors.ts';
import { type ComparedNetwork, compareNetworks } from '../../tasks/benchmark/compare-networks.ts';
import { integerFlag, parseFlags, sizeFlag } from '../flags/read-flags.ts';
import { Progress } from '../terminal/progress.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';

const flags = z.strictObject({
  size: sizeFlag.optional(),
  rounds: integerFlag(0, 10_000),
  threads: integerFlag(1, 1024).optional(),
  chart: z.string().optional(),
  json: z.boolean().default(false),
});

function printComparison(compared: readonly ComparedNetwork[]): void {
  const numbers = ['input', 'parameters', 'MACs', 'memory access', 'activations', 'time'];
  const columns = [{ title: 'network' }, ...numbers.map((title) => ({ title, align: 'right' as const }))];
  const isKnown = compared.some(({ accuracy }) => accuracy !== undefined);
  const rows = compared.map(
    ({ name, input, parameters, macs, memoryAccess, activationMemory, milliseconds, accuracy }) => [
      name,
      `${input.width}×${input.height}`,
      `${(parameters.trainable / 1e6).toFixed(2)} M`,
      `${(macs / 1e9).toFixed(3)} G`,
      `${(memoryAccess / 1e6).toFixed(1)} M`,
      `${((4 * activationMemory) / 2 ** 20).toFixed(1)} MiB`,
      milliseconds === undefined ? '–' : `${milliseconds.toFixed(2)} ms`,
      ...(isKnown ? [printable(accuracy ?? '–')] : []),
    ],
  );
  console.log(formatTable(isKnown ? [...columns, { title: 'accuracy' }] : columns, rows));
}

/** Runs `compare`. Returns the exit code. */
export async function runCompare(networks: readonly string[], raw: Record<string, unknown>): Promise<number> {
  const { json, ...options } = parseFlags(flags, raw);
  const progress = new Progress('rounds');
  let compared: readonly ComparedNetwork[];
  try {
    compared = await compareNetworks(
      { networks, ...options },
      {
        onEvent: (event) => {
          if (event.type === 'started') progress.start(event.rounds);
          else progress.step();
        },
      },
    );
  } finally {
    progress.stop();
  }
  if (json) console.log(JSON.stringify(compared, null, 2));
  else {
    printComparison(compared);
    if (options.chart !== undefined) console.log(`\nchart drawn in ${options.chart}`);
  }
  return EXIT.done;
}
