import { printable } from '../../foundation/errors/errors.ts';
import { type ComparedRun, compareRuns } from '../../tasks/train/compare-runs.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';

const share = (value: number) => `${(100 * value).toFixed(2)} %`;

function rowOf({ folder, epochs, best, interval, difference }: ComparedRun): readonly string[] {
  const AP = difference?.metrics.AP;
  return [
    printable(folder),
    String(epochs),
    best ? `${share(best.value)} (epoch ${best.epoch})` : '–',
    interval ? `${share(interval.low)} to ${share(interval.high)}` : '–',
    AP ? `${share(AP.value)} (${share(AP.low)} to ${share(AP.high)})` : '–',
  ];
}

/** Runs `compare` on training run folders. Returns the exit code. */
export async function runCompareRuns(
  runs: readonly string[],
  report: string | undefined,
  json: boolean,
): Promise<number> {
  const compared = await compareRuns({ runs, report });
  if (json) console.log(JSON.stringify(compared, null, 2));
  else {
    const titles = ['run', 'epochs', `best ${compared[0]!.deciding}`, '95 % interval', 'minus the first'];
    console.log(
      formatTable(
        titles.map((title) => ({ title })),
        compared.map(rowOf),
      ),
    );
    for (const { folder, note } of compared)
      if (note !== undefined) console.log(`${printable(folder)}: ${printable(note)}`);
    if (report !== undefined) console.log(`\nreport written to ${report}/index.html`);
  }
  return EXIT.done;
}
