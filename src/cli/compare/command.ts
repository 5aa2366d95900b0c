import { Command } from 'commander';
import { COMPARE_OPTIONS } from '../../options/compare.ts';
import { addFlags } from '../flags/table-flags.ts';

export function compareCommand(): Command {
  const command = new Command('compare')
    .description('Compare networks by cost and time, or training runs by results and settings.')
    .argument(
      '<networks...>',
      'two or more names (micro-yolo, mobilenet-v2:0.5/fpn …) or model files (.safetensors, .cfg, .onnx); or run folders',
    );
  return addFlags(command, COMPARE_OPTIONS)
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  micro-yolo compare micro-yolo yolov3-tiny mobilenet-v2:0.5/fpn --size 320\n  micro-yolo compare micro-yolo-coco yolox_nano.onnx\n  micro-yolo compare best.safetensors int8.safetensors small.safetensors --data my-data\n  micro-yolo compare runs/shapes-001 runs/shapes-002 --report side-by-side\n  micro-yolo compare efficientnet-b0 mobilenet-v3-large --rounds 0 --json',
    )
    .action(async (networks: string[], raw: Record<string, unknown>) => {
      const { runCompare } = await import('./action.ts');
      process.exitCode = await runCompare(networks, raw);
    });
}
