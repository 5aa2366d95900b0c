import { Command } from 'commander';
import { SHOW_OPTIONS } from '../../../options/dataset/show.ts';
import { addFlags } from '../../flags/table-flags.ts';

export function datasetShowCommand(): Command {
  const command = new Command('show')
    .description('Draw images of a data set with their boxes on one sheet.')
    .argument('<data>', 'COCO .json, dataset .yaml, Darknet .data, or a folder');
  return addFlags(command, SHOW_OPTIONS)
    .addHelpText(
      'after',
      '\nExamples:\n  micro-yolo dataset show val.json --out sheet.png\n  micro-yolo dataset show VOC2007/ --out dogs.png --classes dog --number 25',
    )
    .action(async (data: string, raw: Record<string, unknown>) => {
      const { runDatasetShow } = await import('./action.ts');
      process.exitCode = await runDatasetShow(data, raw);
    });
}
