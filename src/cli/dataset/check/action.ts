import * as z from 'zod';
import { type CheckDatasetReport, checkDataset } from '../../../tasks/datasets/check/check-dataset.ts';
import { inFlags } from '../../flags/option-flags.ts';
import { parseFlags } from '../../flags/read-flags.ts';
import { Progress } from '../../terminal/progress.ts';
import { EXIT } from '../../terminal/report.ts';
import { formatFindings } from './findings.ts';
import { formatStatistics } from './statistics.ts';

const flags = z.strictObject({
  split: z.string().optional(),
  imageFolder: z.string().optional(),
  fix: z.string().optional(),
  nearDuplicates: z.boolean().default(false),
  all: z.boolean().default(false),
  json: z.boolean().default(false),
});

const count = (value: number) => value.toLocaleString('en-US');

function printReport({ splits, findings, fixed }: CheckDatasetReport, all: boolean): void {
  for (const { name, task, images, annotations, crowds, background, classes } of splits) {
    const used = classes.filter(({ boxes }) => boxes > 0).length;
    const contents = [
      `${count(images)} images (${count(background)} without annotations)`,
      `${count(annotations)} annotations (${count(crowds)} crowds)`,
    ];
    const parts = [
      ...(task === 'classification' ? [`${count(images)} images`] : contents),
      `${used} of ${classes.length} classes used`,
    ];
    console.log(`${name}: ${parts.join(' · ')}`);
  }
  console.log(`\n${formatFindings(findings, all)}\n\n${formatStatistics(splits)}`);
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
  const { json, all, ...options } = parseFlags(flags, raw);
  const progress = new Progress('images');
  let report: CheckDatasetReport;
  try {
    report = await checkDataset(
      { data, ...options },
      {
        onEvent: (event) => {
          if (event.type === 'started') progress.start(event.images);
          else progress.step();
        },
      },
    );
  } finally {
    progress.stop();
  }
  if (json) console.log(JSON.stringify(report, null, 2));
  else printReport(report, all);
  return report.findings.some(({ severity }) => severity !== 'note') ? EXIT.skipped : EXIT.done;
}
