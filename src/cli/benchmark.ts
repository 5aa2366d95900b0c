import { Command } from 'commander';
import { ENGINES, RUNTIMES } from '../tasks/engine-names.ts';

export function benchmarkCommand(): Command {
  return new Command('benchmark')
    .description('Time a network on this machine: detecting, or its training steps.')
    .requiredOption(
      '-m, --model <model>',
      'model file (.safetensors, .cfg, .onnx), or a name: micro-yolo, mobilenet-v2:0.5/fpn …',
    )
    .option('--as <family>', 'family of an .onnx model, if it does not tell: yolox, yolov8 …')
    .option('--train', 'time training steps')
    .option('--batch <n>', 'images a run (default: 1, or what the graph takes) or a step (default: 8)')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--steps <n>', 'runs or steps that count', '20')
    .option('--engine <name>', `what trains: ${ENGINES.join(', ')} (default: auto)`)
    .option('--runtime <name>', `what detects: ${RUNTIMES.join(', ')} (default: onnx)`)
    .option('--require-gpu', 'fail where no GPU would compute')
    .option('--tune', 'first measure which form of each gradient is fastest here')
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('--json', 'print JSON alone')
    .addHelpText(
      'after',
      '\nExamples:\n  micro-yolo benchmark --model yolov3-tiny --runtime onnx-webgpu\n  micro-yolo benchmark --train --model micro-yolo --batch 8 --size 320\n  micro-yolo benchmark --train --model yolov3-tiny --engine onnx-plain --json',
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runBenchmark } = await import('./benchmark-action.ts');
      process.exitCode = await runBenchmark(raw);
    });
}
