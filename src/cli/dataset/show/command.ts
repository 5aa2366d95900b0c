import { Command } from 'commander';
import { classesOption } from '../../flags/classes-option.ts';

export function datasetShowCommand(): Command {
  return new Command('show')
    .description('Draw images of a data set with their boxes on one sheet.')
    .argument('<data>', 'COCO .json, dataset .yaml, Darknet .data, or a folder')
    .requiredOption('-o, --out <file>', 'image file to write: .png, .jpg, .webp or .avif')
    .option('-n, --number <n>', 'number of images on the sheet', '16')
    .option('--seed <n>', 'seed that chooses the images', '1')
    .addOption(classesOption('only boxes of these classes'))
    .option('--split <name>', 'only this split (default: all)')
    .option('--image-folder <folder>', 'folder of the images (default: that of the data set)')
    .option('--cell <px>', 'side of each cell', '400')
    .addHelpText(
      'after',
      '\nExamples:\n  micro-yolo dataset show val.json --out sheet.png\n  micro-yolo dataset show VOC2007/ --out dogs.png --classes dog --number 25',
    )
    .action(async (data: string, raw: Record<string, unknown>) => {
      const { runDatasetShow } = await import('./action.ts');
      process.exitCode = await runDatasetShow(data, raw);
    });
}
