import { Command } from 'commander';

export function compareCommand(): Command {
  return new Command('compare')
    .description('Compare networks by cost and time, or training runs by figures and settings.')
    .argument(
      '<networks...>',
      'at least two: names (micro-yolo, mobilenet-v2:0.5/fpn …) or model files (.safetensors, .cfg, .onnx); or folders of runs',
    )
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: each network's own)")
    .option('--rounds <n>', 'rounds of six timed runs; 0 skips timing', '10')
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('--chart <file>', 'draw time against multiply-accumulates')
    .option('--report <folder>', 'write a page: AP against time, MACs and bytes; or runs side by side')
    .option(
      '--data <path>',
      "data to measure AP and AP50 on (default: the page has what the models' files say)",
    )
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
