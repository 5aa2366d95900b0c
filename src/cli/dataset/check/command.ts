import { Command } from 'commander';
import { CHECK_OPTIONS } from '../../../options/dataset/check.ts';
import { addFlags } from '../../flags/table-flags.ts';

export function datasetCheckCommand(): Command {
  const command = new Command('check')
    .description('Find errors in the records, boxes and images of a data set.')
    .argument(
      '<data...>',
      'COCO .json, dataset .yaml, Darknet .data, or a folder; several data sets must not share images',
    );
  return addFlags(command, CHECK_OPTIONS)
    .option('--all', 'print every occurrence of every problem')
    .option('--json', 'print only JSON, with all occurrences')
    .addHelpText(
      'after',
      `
Exit codes: 0 only notes, 1 the data cannot be read, 3 errors or warnings found.

Examples:
  micro-yolo dataset check train.json val.json
  micro-yolo dataset check my-data --near-duplicates
  micro-yolo dataset check my-data --report look/
  micro-yolo dataset check VOC2007/ --json > problems.json
  micro-yolo dataset check train.json --fix train-fixed.json`,
    )
    .action(async (data: string[], raw: Record<string, unknown>) => {
      const { runDatasetCheck } = await import('./action.ts');
      process.exitCode = await runDatasetCheck(data, raw);
    });
}
