import { Command } from 'commander';

export function importCommand(): Command {
  return new Command('import')
    .description('Convert an ONNX detector, or Keras or torchvision weights, to a model file.')
    .argument('<file>', 'an .onnx detector; .keras or .h5; or a torchvision state_dict as .safetensors')
    .option(
      '-n, --network <name>',
      'for Keras and torchvision weights: the matching network, such as mobilenet-v2:0.35 or efficientnet-b0',
    )
    .option('--as <family>', 'family of an .onnx detector, if the file does not show it: yolox, yolov8 …')
    .option(
      '--calibrate <photo>',
      'labeled photo that decides how an .onnx detector is decoded; needs --truth',
    )
    .option('--truth <file>', "COCO JSON with the true boxes of --calibrate's photo")
    .option('--names <file>', 'class names, one per line (default: those in or beside the file)')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the graph's or the paper's)")
    .option('--half', 'store weights in half precision: half the size')
    .option('-o, --out <file>', "file to write, .safetensors (default: the input's name with that extension)")
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
      const { runImport } = await import('./action.ts');
      process.exitCode = await runImport(file, raw);
    });
}
