import { Command } from 'commander';
import { addDetectionOptions, givenFlags } from './detection-options.ts';

export function valCommand(): Command {
  const command = new Command('val')
    .description("COCO's mAP of a model, or of a file of detections, on a dataset.")
    .requiredOption(
      '-d, --data <path>',
      'COCO .json, dataset .yaml, Darknet .data, YOLO data.yaml, or a folder: Pascal VOC, SPLIT/CLASS/IMAGE, CIFAR',
    )
    .option('-m, --model <file>', 'model: .safetensors (path or https address), a Darknet .cfg, or a name')
    .option('--results <file>', "detections in pycocotools' format or of detect --json, instead of a model")
    .option('--split <name>', 'split of a dataset that has several (default: val)')
    .option('--images <folder>', 'folder of the images (default: as the dataset says)');
  return addDetectionOptions(command, '0.001')
    .option('--save-json <file>', "write the detections in pycocotools' format")
    .option('--json', 'print JSON alone, at full precision')
    .addHelpText(
      'after',
      `
The defaults are what mAP needs: nearly every box counts, a hundred an image.

Examples:
  micro-yolo val --model model.safetensors --data val.json
  micro-yolo val --results detections.json --data instances_val2017.json --json`,
    )
    .action(async (raw: Record<string, unknown>, command: Command) => {
      const { runVal } = await import('./val-action.ts');
      process.exitCode = await runVal(raw, givenFlags(command));
    });
}
