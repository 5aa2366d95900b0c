import { Command } from 'commander';

export function datasetConvertCommand(): Command {
  return new Command('convert')
    .description('Convert detection data between COCO, Pascal VOC, YOLO and Darknet, and list what is lost.')
    .argument('<format>', 'format of the input: coco, voc, yolo or darknet')
    .argument('<input>', 'COCO .json, dataset or data .yaml, Darknet .data, or a folder')
    .requiredOption('-o, --out <folder>', 'new folder for the data set')
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
  micro-yolo dataset convert voc bccd/ --out bccd-coco
  micro-yolo dataset convert coco annotations/instances_val2017.json --to yolo --out coco-yolo`,
    )
    .action(async (format: string, input: string, raw: Record<string, unknown>) => {
      const { runDatasetConvert } = await import('./action.ts');
      process.exitCode = await runDatasetConvert(format, input, raw);
    });
}
