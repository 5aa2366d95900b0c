import { Command } from 'commander';

export function importCommand(): Command {
  return new Command('import')
    .description(
      'Make a model of a detector in ONNX, or of weights that were trained with Keras or torchvision.',
    )
    .argument('<file>', '.onnx of a detector; .keras, .h5, or .safetensors of a torchvision state_dict')
    .option(
      '-n, --network <name>',
      'of Keras and torchvision weights: the same network here, mobilenet-v2:0.35, efficientnet-b0 …',
    )
    .option('--as <family>', 'of an .onnx detector: its family, if it does not tell: yolox, yolov8 …')
    .option('--names <file>', 'class names, one a line (default: those in or beside the file)')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the graph's or the paper's)")
    .option('--half', 'weights in half precision: half the size')
    .option('-o, --out <file>', "file to write, in .safetensors (default: the file's name with it)")
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo import yolox_nano.onnx --out yolox.safetensors
  micro-yolo import detector.onnx --as yolov8 --names classes.txt --half
  micro-yolo import mobilenet.keras --network mobilenet-v2:0.35 --names labels.txt
  micro-yolo import shufflenet.safetensors --network shufflenet-v2:1 --out classifier.safetensors`,
    )
    .action(async (file: string, raw: Record<string, unknown>) => {
      const { runImport } = await import('./import-action.ts');
      process.exitCode = await runImport(file, raw);
    });
}
