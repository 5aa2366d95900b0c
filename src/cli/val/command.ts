import { Command } from 'commander';
import { addDetectionOptions, givenFlags } from '../flags/detection-options.ts';

export function valCommand(): Command {
  const command = new Command('val')
    .description("Measure COCO's mAP of a model, or of a file of detections, on a data set.")
    .requiredOption(
      '-d, --data <path>',
      'COCO .json, dataset .yaml, Darknet .data, YOLO data.yaml, or a folder: Pascal VOC, SPLIT/CLASS/IMAGE, CIFAR',
    )
    .option(
      '-m, --model <file>',
      'model: .safetensors (path or https address), a Darknet .cfg, an .onnx detector, or a name',
    )
    .option('--results <file>', "detections in pycocotools' format or of detect --json, instead of a model")
    .option('--split <name>', 'split to measure (default: val, or the only one)')
    .option('--images <folder>', 'folder of the images (default: as the data set says)');
  return addDetectionOptions(command, '0.001')
    .option('--save-json <file>', "write the detections in pycocotools' format")
    .option('--report <folder>', 'write a page that says why the figures are what they are')
    .option('--baseline <file>', "another model's detections (--save-json) to compare with in the report")
    .option('--json', 'print only JSON, at full precision')
    .addHelpText(
      'after',
      `
The defaults suit mAP: nearly every box counts, up to 100 per image.

Examples:
  micro-yolo val --model model.safetensors --data val.json
  micro-yolo val --model model.safetensors --data val.json --report why/
  micro-yolo val --results detections.json --data instances_val2017.json --json`,
    )
    .action(async (raw: Record<string, unknown>, command: Command) => {
      const { runVal } = await import('./action.ts');
      process.exitCode = await runVal(raw, givenFlags(command));
    });
}
