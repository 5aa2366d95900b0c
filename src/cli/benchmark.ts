import { Command } from 'commander';

export function benchmarkCommand(): Command {
  return new Command('benchmark')
    .description('Time the training steps of a network on this machine.')
    .requiredOption('-m, --model <model>', 'model file, or a name: micro-yolo, mobilenet-v2:0.5/fpn …')
    .requiredOption('--train', 'time training steps')
    .option('--batch <n>', 'images a step', '8')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--steps <n>', 'steps that count', '20')
    .option('--engine <name>', 'auto, onnx-blocked or onnx-plain', 'auto')
    .option('--tune', 'first measure which form of each gradient is fastest here')
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('--json', 'print JSON alone')
    .addHelpText(
      'after',
      '\nExamples:\n  micro-yolo benchmark --train --model micro-yolo --batch 8 --size 320\n  micro-yolo benchmark --train --model yolov3-tiny --engine onnx-plain --json',
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runBenchmark } = await import('./benchmark-action.ts');
      process.exitCode = await runBenchmark(raw);
    });
}
