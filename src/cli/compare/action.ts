import * as z from 'zod';
import { MicroYoloError, printable } from '../../foundation/errors/errors.ts';
import { COMPARE_OPTIONS } from '../../options/compare.ts';
import { type CompareOptions, compareNetworks } from '../../tasks/benchmark/compare-networks.ts';
import type { ComparedNetwork } from '../../tasks/benchmark/compared-network.ts';
import { isRun } from '../../tasks/train/compare-runs.ts';
import { readFlags } from '../flags/read-table.ts';
import { Progress } from '../terminal/progress.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';
import { runCompareRuns } from './runs.ts';

const OWN = { json: z.boolean().default(false) };
type Flags = Omit<CompareOptions, 'networks'>;

const percent = (value: number | undefined) => (value === undefined ? '–' : `${(100 * value).toFixed(2)} %`);

function printComparison(compared: readonly ComparedNetwork[]): void {
  const isMeasured = compared.some(({ AP50 }) => AP50 !== undefined);
  const areFiles = compared.some(({ bytes }) => bytes !== undefined);
  const numbers = [
    ...['input', 'parameters', 'MACs', 'memory access', 'activations', 'time'],
    ...(areFiles ? ['file'] : []),
    ...(isMeasured ? ['AP', 'AP50'] : []),
  ];
  const areCompressed = compared.some(({ compression }) => compression !== undefined);
  const isKnown = compared.some(({ accuracy }) => accuracy !== undefined);
  const columns = [
    { title: 'network' },
    ...numbers.map((title) => ({ title, align: 'right' as const })),
    ...(areCompressed ? [{ title: 'compression' }] : []),
    ...(isKnown ? [{ title: 'accuracy' }] : []),
  ];
  const rows = compared.map((network) => {
    const { name, input, parameters, macs, memoryAccess, activationMemory } = network;
    const { milliseconds, bytes, AP, AP50, compression, accuracy } = network;
    return [
      name,
      `${input.width}×${input.height}`,
      `${(parameters.trainable / 1e6).toFixed(2)} M`,
      `${(macs / 1e9).toFixed(3)} G`,
      `${(memoryAccess / 1e6).toFixed(1)} M`,
      `${((4 * activationMemory) / 2 ** 20).toFixed(1)} MiB`,
      milliseconds === undefined ? '–' : `${milliseconds.toFixed(2)} ms`,
      ...(areFiles ? [bytes === undefined ? '–' : `${(bytes / 1e6).toFixed(2)} MB`] : []),
      ...(isMeasured ? [percent(AP), percent(AP50)] : []),
      ...(areCompressed ? [compression?.join(', ') ?? '–'] : []),
      ...(isKnown ? [printable(accuracy ?? '–')] : []),
    ];
  });
  console.log(formatTable(columns, rows));
}

/** Runs `compare`. Returns the exit code. */
export async function runCompare(networks: readonly string[], raw: Record<string, unknown>): Promise<number> {
  const { options, own } = readFlags<Flags, typeof OWN>(COMPARE_OPTIONS, OWN, raw);
  const { json } = own;
  const areRuns = await Promise.all(networks.map(isRun));
  if (areRuns.every(Boolean)) return runCompareRuns(networks, options.report, json);
  if (areRuns.some(Boolean)) {
    const place = areRuns.indexOf(false);
    const problem = `${networks[place]}: not a run folder, but ${networks[areRuns.indexOf(true)]} is`;
    throw new MicroYoloError(
      'invalid-argument',
      `${problem}; compare runs with runs, and models with models`,
    );
  }
  const progress = new Progress('rounds');
  let compared: readonly ComparedNetwork[];
  try {
    compared = await compareNetworks(
      { ...options, networks },
      {
        onEvent: (event) => {
          if (event.type === 'started') progress.start(event.total);
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
    if (options.report !== undefined) console.log(`\nreport written to ${options.report}/index.html`);
  }
  return EXIT.done;
}
