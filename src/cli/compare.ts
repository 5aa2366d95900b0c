import { Command } from 'commander';

export function compareCommand(): Command {
  return new Command('compare')
    .description('Networks beside each other: what they cost, and how long they take here.')
    .argument(
      '<networks...>',
      'two at least: names (micro-yolo, mobilenet-v2:0.5/fpn …) or model files (.safetensors, .cfg, .onnx)',
    )
    .option('--size <px>', "input of all: a side, or WIDTHxHEIGHT (default: each network's own)")
    .option('--rounds <n>', 'rounds of six runs to take times over; 0 takes none', '10')
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('--chart <file>', 'draw time against multiply-accumulates')
    .option('--json', 'print JSON alone')
    .addHelpText(
      'after',
      '\nExamples:\n  micro-yolo compare micro-yolo yolov3-tiny mobilenet-v2:0.5/fpn --size 320\n  micro-yolo compare micro-yolo-coco yolox_nano.onnx\n  micro-yolo compare efficientnet-b0 mobilenet-v3-large --rounds 0 --json',
    )
    .action(async (networks: string[], raw: Record<string, unknown>) => {
      const { runCompare } = await import('./compare-action.ts');
      process.exitCode = await runCompare(networks, raw);
    });
}
