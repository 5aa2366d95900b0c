import { Command } from 'commander';
import { BENCHMARK_DETECTION_OPTIONS, BENCHMARK_TRAINING_OPTIONS } from '../../options/benchmark.ts';
import { addFlags } from '../flags/table-flags.ts';

export function benchmarkCommand(): Command {
  const command = new Command('benchmark').description(
    'Time detection, part by part, or training steps on this machine.',
  );
  return addFlags(command, { ...BENCHMARK_TRAINING_OPTIONS, ...BENCHMARK_DETECTION_OPTIONS })
    .option('--train', 'time training steps instead of detection')
    .option('--out <folder>', 'save the figures as benchmark.json, and a chart of --throughput')
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  micro-yolo benchmark --throughput --compare --out figures\n  micro-yolo benchmark --model yolov3-tiny --runtime onnx-webgpu\n  micro-yolo benchmark --train --model micro-yolo --batch 8 --size 320\n  micro-yolo benchmark --train --model yolov3-tiny --engine onnx-plain --json',
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runBenchmark } = await import('./action.ts');
      process.exitCode = await runBenchmark(raw);
    });
}
