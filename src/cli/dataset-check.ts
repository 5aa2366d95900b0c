import { Command } from 'commander';

export function datasetCheckCommand(): Command {
  return new Command('check')
    .description('Look for what is wrong in detection data: records, boxes and every image.')
    .argument(
      '<data...>',
      'COCO .json, dataset .yaml, Darknet .data, or a folder; several must not share images',
    )
    .option('--split <name>', 'only this split (default: all)')
    .option('--images <folder>', 'folder of the images (default: as the data set says)')
    .option('--fix <file>', 'write what could be mended as a COCO file')
    .option('--near-duplicates', 'look for near-identical images in several splits, too')
    .option('--all', 'print every place of every problem')
    .option('--json', 'print JSON alone, with every place')
    .addHelpText(
      'after',
      `
Exit codes: 0 nothing but notes, 1 cannot be read, 3 errors or warnings found.

Examples:
  micro-yolo dataset check train.json val.json
  micro-yolo dataset check my-data --near-duplicates
  micro-yolo dataset check VOC2007/ --json > problems.json
  micro-yolo dataset check train.json --fix train-mended.json`,
    )
    .action(async (data: string[], raw: Record<string, unknown>) => {
      const { runDatasetCheck } = await import('./dataset-check-action.ts');
      process.exitCode = await runDatasetCheck(data, raw);
    });
}
