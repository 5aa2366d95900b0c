import { Command } from 'commander';

export function datasetSplitCommand(): Command {
  return new Command('split')
    .description('Divide data into train, val and test by image. Every split gets its share of each class.')
    .argument('<input>', 'COCO .json, dataset or data .yaml, Darknet .data, or a folder')
    .requiredOption('-o, --out <folder>', 'new folder for the data set')
    .option('--val <share>', 'share of the images to evaluate on while training, such as 0.2')
    .option('--test <share>', 'share of the images for the final test, such as 0.1')
    .option('--seed <n>', 'the same seed gives the same splits', '1')
    .option(
      '--near-duplicates <how>',
      'near-identical images: together (keep in one split) or ignore',
      'together',
    )
    .option('--to <format>', 'format to write: coco, voc, yolo or darknet (default: that of the data)')
    .option('--split <name>', 'only this split of the data (default: all of them, joined)')
    .option('--transfer <how>', 'how images are transferred: link, copy or none', 'link')
    .option('--image-folder <folder>', 'folder of the images (default: that of the data set)')
    .option('--voc-boxes <how>', 'one-based (as in the VOC challenges, the default) or zero-based pixels')
    .option('--overwrite', 'replace a data set that was written into the folder before')
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
