import { Command } from 'commander';
import { CONVERT_OPTIONS } from '../../../options/dataset/writing.ts';
import { addFlags } from '../../flags/table-flags.ts';

export function datasetConvertCommand(): Command {
  const command = new Command('convert')
    .description('Convert detection data between COCO, Pascal VOC, YOLO and Darknet, and list what is lost.')
    .argument('<format>', 'format of the input: coco, voc, yolo or darknet')
    .argument('<input>', 'COCO .json, dataset or data .yaml, Darknet .data, or a folder');
  return addFlags(command, CONVERT_OPTIONS)
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo dataset convert voc bccd/ --out bccd-coco
  micro-yolo dataset convert coco annotations/instances_val2017.json --to yolo --out coco-yolo`,
    )
    .action(async (format: string, input: string, raw: Record<string, unknown>) => {
      const { runDatasetConvert } = await import('./action.ts');
      process.exitCode = await runDatasetConvert(format, input, raw);
    });
}
