import { Command } from 'commander';

export function datasetSynthesizeCommand(): Command {
  return new Command('synthesize')
    .description('Draw a data set of shapes, for tests and first steps.')
    .option('-o, --out <folder>', 'folder for the data set', 'datasets/shapes')
    .option('--train <n>', 'number of training images', '2000')
    .option('--val <n>', 'number of images to evaluate on', '500')
    .option('--seed <n>', 'the same seed gives the same images', '1')
    .option('--size <px>', 'side of the images', '320')
    .option('--overwrite', 'replace the data set in the folder')
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo dataset synthesize
  micro-yolo dataset synthesize --out /tmp/few --train 20 --val 5 --seed 7`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runDatasetSynthesize } = await import('./action.ts');
      process.exitCode = await runDatasetSynthesize(raw);
    });
}
