import { Command } from 'commander';

export function valCommand(): Command {
  return new Command('val')
    .description("COCO's mAP of a model, or of a file of detections, on a dataset.")
    .requiredOption('-d, --data <path>', 'COCO .json, dataset .yaml, Darknet .data, or a Pascal VOC folder')
    .option('-m, --model <file>', 'model: .safetensors, or a Darknet .cfg')
    .option('--results <file>', "detections in pycocotools' format, instead of a model")
    .option('--split <name>', 'split of a dataset that has several (default: val)')
    .option('--images <folder>', 'folder of the images (default: as the dataset says)')
    .option('--weights <file>', "weights of a .cfg (default: the cfg's name with .weights)")
    .option('--names <file>', 'class names, one a line (default: coco.names beside the cfg)')
    .option('-t, --score-threshold <0-1>', 'count detections that score more than this', '0.001')
    .option('--iou <0-1>', 'of two boxes of a class that overlap more than this, drop the worse', '0.45')
    .option('--max-detections <n>', 'most detections an image', '100')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--resize <mode>', "letterbox or stretch (default: the model's)")
    .option('--threads <n>', 'CPU threads (default: all cores)')
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
    .action(async (raw: Record<string, unknown>) => {
      const { runVal } = await import('./val-action.ts');
      process.exitCode = await runVal(raw);
    });
}
