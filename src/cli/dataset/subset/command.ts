import { Command } from 'commander';
import { PART_OPTIONS } from '../../../options/dataset/subset.ts';
import { REWRITING_OPTIONS } from '../../../options/dataset/writing.ts';
import { addFlags } from '../../flags/table-flags.ts';

export function datasetSubsetCommand(): Command {
  const command = new Command('subset')
    .description('Write a part of a data set: some classes or some images. Ids do not change.')
    .argument('<input>', 'COCO .json, dataset or data .yaml, Darknet .data, or a folder');
  return addFlags(command, { ...REWRITING_OPTIONS, ...PART_OPTIONS })
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo dataset subset datasets/coco2017.yaml --classes person,dog --images 500 --out person-dog
  micro-yolo dataset subset val.json --images 100 --seed 7 --out hundred
  micro-yolo dataset subset val.json --images 300 --balance --out even`,
    )
    .action(async (input: string, raw: Record<string, unknown>) => {
      const { runDatasetSubset } = await import('./action.ts');
      process.exitCode = await runDatasetSubset(input, raw);
    });
}
