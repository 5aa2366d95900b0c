import { Command } from 'commander';
import { classesOption } from '../../flags/classes-option.ts';

export function datasetSubsetCommand(): Command {
  return new Command('subset')
    .description('Write a part of a data set: some classes, some images. Ids do not change.')
    .argument('<input>', 'COCO .json, dataset or data .yaml, Darknet .data, or a folder')
    .requiredOption('-o, --out <folder>', 'new folder for the data set')
    .addOption(classesOption('keep only these classes, and only images that contain them'))
    .option('-n, --images <n>', 'number of images to keep in each split, chosen by the seed')
    .option('--seed <n>', 'the same seed chooses the same images', '1')
    .option('--balance', 'choose images so that each class has about the same number of boxes')
    .option('--keep-empty', 'keep images without any of the classes')
    .option('--to <format>', 'format to write: coco, voc, yolo or darknet', 'coco')
    .option('--split <name>', 'only this split (default: all)')
    .option('--transfer <how>', 'how images are transferred: link, copy or none', 'link')
    .option('--image-folder <folder>', 'folder of the images (default: that of the data set)')
    .option('--voc-boxes <how>', 'one-based (as in the VOC challenges, the default) or zero-based pixels')
    .option('--overwrite', 'replace a data set that was written into the folder before')
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
