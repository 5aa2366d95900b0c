import { Command } from 'commander';

export function datasetAnchorsCommand(): Command {
  return new Command('anchors')
    .description("Find anchors for a data set, and compare them with YOLOv3-tiny's. Changes no files.")
    .argument('<data...>', 'COCO .json, dataset .yaml, Darknet .data, or a folder')
    .option('--count <n>', 'number of anchors', '6')
    .option('--size <px>', 'network input: a side, or WIDTHxHEIGHT', '416')
    .option('--seed <n>', 'seed; other seeds may find slightly different anchors', '1')
    .option('--split <name>', 'only this split (default: all)')
    .option('--json', 'print only JSON')
    .addHelpText('after', '\nExample:\n  micro-yolo dataset anchors train.json --size 320')
    .action(async (data: string[], raw: Record<string, unknown>) => {
      const { runDatasetAnchors } = await import('./action.ts');
      process.exitCode = await runDatasetAnchors(data, raw);
    });
}
