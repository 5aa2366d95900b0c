import { Command } from 'commander';
import { EXPORT_OPTIONS } from '../../options/export.ts';
import { describeFormats } from '../../tasks/models/export-formats.ts';
import { addFlags } from '../flags/table-flags.ts';

const EXAMPLES = `
Examples:
  micro-yolo export yolov3-tiny.cfg --format safetensors
  micro-yolo export model.safetensors --format onnx --size 320 --out model.onnx
  micro-yolo export micro-yolo-coco --format onnx --decode --half
  micro-yolo export micro-yolo-coco --format onnx --nms --iou 0.5 --score-threshold 0.3 --max-detections 50
  micro-yolo export model.safetensors --format darknet --out model.cfg`;

const FLAGS = {
  ...EXPORT_OPTIONS,
  format: { ...EXPORT_OPTIONS.format, about: `format to write: ${describeFormats()}` },
};

export function exportCommand(): Command {
  const command = new Command('export')
    .description('Write a model in another format.')
    .argument(
      '<model>',
      'model: .safetensors (path or https address), a Darknet .cfg, an .onnx detector, or a name',
    );
  return addFlags(command, FLAGS)
    .addHelpText('after', EXAMPLES)
    .action(async (model: string, raw: Record<string, unknown>) => {
      const { runExport } = await import('./action.ts');
      process.exitCode = await runExport(model, raw);
    });
}
