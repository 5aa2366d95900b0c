import { Command } from 'commander';
import { SPLIT_OPTIONS } from '../../../options/dataset/split.ts';
import { addFlags } from '../../flags/table-flags.ts';

export function datasetSplitCommand(): Command {
  const command = new Command('split')
    .description('Divide images into train, val and test. Every split gets its share of each class.')
    .argument('<input>', 'COCO .json, dataset or data .yaml, Darknet .data, or a folder');
  return addFlags(command, SPLIT_OPTIONS)
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo dataset split result.json --val 0.2 --out my-data
  micro-yolo dataset split labels/ --val 0.2 --test 0.1 --seed 7 --to yolo --out my-yolo-data
  micro-yolo dataset split my-data --split train --val 0.1 --out smaller`,
    )
    .action(async (input: string, raw: Record<string, unknown>) => {
      const { runDatasetSplit } = await import('./action.ts');
      process.exitCode = await runDatasetSplit(input, raw);
    });
}
