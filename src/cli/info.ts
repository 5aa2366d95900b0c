import { Command } from 'commander';

export function infoCommand(): Command {
  return new Command('info')
    .description('Show a network: its layers, their shapes and what they cost.')
    .argument(
      '<model>',
      'model file (.safetensors, .cfg or .onnx), or a name: micro-yolo, mobilenet-v2:0.5/fpn, efficientnet-b0 …',
    )
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--as <family>', 'family of an .onnx model, if it does not tell: yolox, yolov8 …')
    .option('--names <file>', 'class names of an .onnx model, one a line')
    .option('--diagram <file>', 'draw the network as a picture')
    .option('--guidelines', "where the network breaks ShuffleNetV2's guidelines for speed")
    .option('--json', 'print JSON alone')
    .addHelpText(
      'after',
      '\nExamples:\n  micro-yolo info micro-yolo --size 320\n  micro-yolo info model.safetensors --diagram network.png\n  micro-yolo info yolox_nano.onnx\n  micro-yolo info mobilenet-v2:0.5/fpn --guidelines',
    )
    .action(async (model: string, raw: Record<string, unknown>) => {
      const { runInfo } = await import('./info-action.ts');
      process.exitCode = await runInfo(model, raw);
    });
}
