import { Command } from 'commander';

export function exportCommand(): Command {
  return new Command('export')
    .description('Write a model in another format.')
    .argument(
      '<model>',
      'model: .safetensors (path or https address), a Darknet .cfg, an .onnx detector, or a name',
    )
    .requiredOption('-f, --format <format>', 'onnx or safetensors')
    .option('--weights <file>', "weights of a .cfg (default: the cfg's name with .weights)")
    .option('--names <file>', 'class names, one a line (default: a .names file beside the cfg)')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--half', 'weights in half precision (safetensors): half the size')
    .option('-o, --out <file>', "file to write, with the format's ending (default: the model's name with it)")
    .addHelpText(
      'after',
      '\nExamples:\n  micro-yolo export yolov3-tiny.cfg --format safetensors\n  micro-yolo export model.safetensors --format onnx --size 320 --out model.onnx',
    )
    .action(async (model: string, raw: Record<string, unknown>) => {
      const { runExport } = await import('./export-action.ts');
      process.exitCode = await runExport(model, raw);
    });
}
