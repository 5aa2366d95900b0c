import { Command } from 'commander';
import { GRAPH_INFO_OPTIONS } from '../../options/info.ts';
import { addFlags } from '../flags/table-flags.ts';

export function infoCommand(): Command {
  const command = new Command('info')
    .description('Show the layers of a network with shapes and costs.')
    .argument(
      '<model>',
      'model file (.safetensors, .cfg or .onnx), or a name: micro-yolo, mobilenet-v2:0.5/fpn, efficientnet-b0 …',
    );
  return addFlags(command, GRAPH_INFO_OPTIONS)
    .option('--guidelines', "show where the network breaks ShuffleNetV2's guidelines for speed")
    .option(
      '--ms',
      'show the predicted milliseconds of each layer on this machine, as `micro-yolo latency` does',
    )
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  micro-yolo info micro-yolo --size 320\n  micro-yolo info model.safetensors --diagram network.png\n  micro-yolo info yolox_nano.onnx\n  micro-yolo info model.onnx --calibrate photo.jpg --truth boxes.json\n  micro-yolo info mobilenet-v2:0.5/fpn --guidelines',
    )
    .action(async (model: string, raw: Record<string, unknown>) => {
      const { runInfo } = await import('./action.ts');
      process.exitCode = await runInfo(model, raw);
    });
}
