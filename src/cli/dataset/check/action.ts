import * as z from 'zod';
import { counted } from '../../../foundation/counted.ts';
import { CHECK_OPTIONS } from '../../../options/dataset/check.ts';
import {
  type CheckDatasetOptions,
  type CheckDatasetReport,
  checkDataset,
} from '../../../tasks/datasets/check/check-dataset.ts';
import { inFlags } from '../../flags/option-flags.ts';
import { readFlags } from '../../flags/read-table.ts';
import { Progress } from '../../terminal/progress.ts';
import { EXIT } from '../../terminal/report.ts';
import { formatFindings, formatVerdict } from './findings.ts';
import { formatStatistics } from './statistics.ts';

const OWN = { all: z.boolean().default(false), json: z.boolean().default(false) };
type Flags = Omit<CheckDatasetOptions, 'data'>;

const count = (value: number) => value.toLocaleString('en-US');

function printReport({ splits, findings, fixed }: CheckDatasetReport, all: boolean): void {
  for (const { name, task, images, annotations, crowds, background, classes } of splits) {
    const used = classes.filter(({ boxes }) => boxes > 0).length;
    const contents = [
      `${counted(images, 'image')} (${count(background)} without annotations)`,
      `${counted(annotations, 'annotation')} (${counted(crowds, 'crowd')})`,
    ];
    const parts = [
      ...(task === 'classification' ? [counted(images, 'image')] : contents),
      `${used} of ${classes.length} classes used`,
    ];
    console.log(`${name}: ${parts.join(' · ')}`);
  }
  console.log(`\n${formatFindings(findings, all)}\n\n${formatStatistics(splits)}`);
  console.log(`\n${formatVerdict({ splits, findings })}`);
  if (fixed) {
    const changes = fixed.changes.length > 0 ? fixed.changes : ['nothing to fix'];
    console.log(`\n${fixed.path} written:\n${changes.map((change) => `  ${inFlags(change)}`).join('\n')}`);
  }
}

/** Runs `dataset check`. Returns the exit code. */
export async function runDatasetCheck(
  data: readonly string[],
  raw: Record<string, unknown>,
): Promise<number> {
  const { options, own } = readFlags<Flags, typeof OWN>(CHECK_OPTIONS, OWN, raw);
  const progress = new Progress('images');
  let report: CheckDatasetReport;
  try {
    report = await checkDataset(
      { ...options, data },
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
  if (own.json) console.log(JSON.stringify(report, null, 2));
  else {
    printReport(report, own.all);
    if (options.report !== undefined) console.log(`\nreport written to ${options.report}/index.html`);
  }
  return report.findings.some(({ severity }) => severity !== 'note') ? EXIT.skipped : EXIT.done;
}
