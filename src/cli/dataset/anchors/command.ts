import { Command } from 'commander';
import { ANCHORS_OPTIONS } from '../../../options/dataset/anchors.ts';
import { addFlags } from '../../flags/table-flags.ts';

export function datasetAnchorsCommand(): Command {
  const command = new Command('anchors')
    .description("Find anchors for a data set, and compare them with YOLOv3-tiny's. Changes no files.")
    .argument('<data...>', 'COCO .json, dataset .yaml, Darknet .data, or a folder');
  return addFlags(command, ANCHORS_OPTIONS)
    .option('--json', 'print only JSON')
    .addHelpText('after', '\nExample:\n  micro-yolo dataset anchors train.json --size 320')
    .action(async (data: string[], raw: Record<string, unknown>) => {
      const { runDatasetAnchors } = await import('./action.ts');
      process.exitCode = await runDatasetAnchors(data, raw);
    });
}
