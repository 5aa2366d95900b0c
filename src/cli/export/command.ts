import { Command } from 'commander';
import { describeFormats } from '../../tasks/models/export-formats.ts';

const EXAMPLES = `
Examples:
  micro-yolo export yolov3-tiny.cfg --format safetensors
  micro-yolo export model.safetensors --format onnx --size 320 --out model.onnx
  micro-yolo export micro-yolo-coco --format onnx --decode --half
  micro-yolo export micro-yolo-coco --format onnx --nms --iou 0.5 --score-threshold 0.3 --max-detections 50
  micro-yolo export model.safetensors --format darknet --out model.cfg`;

export function exportCommand(): Command {
  return new Command('export')
    .description('Write a model in another format.')
    .argument(
      '<model>',
      'model: .safetensors (path or https address), a Darknet .cfg, an .onnx detector, or a name',
    )
    .requiredOption('-f, --format <format>', describeFormats())
    .option('--weights <file>', "weights for a .cfg (default: the cfg's name with .weights)")
    .option('--names <file>', 'class names, one per line (default: a .names file beside the cfg)')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--half', 'store weights in half precision (safetensors, onnx): half the size, the same speed')
    .option('--decode', 'onnx: compute boxes in pixels and scores inside the graph')
    .option('--nms', 'onnx: also suppress overlapping boxes inside the graph (implies --decode)')
    .option(
      '--iou <0-1>',
      'with --nms: suppress the lower-scoring of two boxes of a class if their IoU is above this (default: 0.45)',
    )
    .option(
      '-t, --score-threshold <0-1>',
      'with --nms: keep detections with a score above this (default: 0.25)',
    )
    .option('--max-detections <n>', 'with --nms: maximum detections per image (default: 100)')
    .option(
      '-o, --out <file>',
      "file to write, with the format's extension (default: the model's name with that extension)",
    )
    .addHelpText('after', EXAMPLES)
    .action(async (model: string, raw: Record<string, unknown>) => {
      const { runExport } = await import('./action.ts');
      process.exitCode = await runExport(model, raw);
    });
}
