import { Command } from 'commander';
import { ENGINES, RUNTIMES } from '../../tasks/engine-names.ts';

export function benchmarkCommand(): Command {
  return new Command('benchmark')
    .description('Time detection, part by part, or training steps on this machine.')
    .option(
      '-m, --model <model>',
      'model file (.safetensors, .cfg, .onnx), or a name: micro-yolo, mobilenet-v2:0.5/fpn … (default: micro-yolo-coco; micro-yolo with --train)',
    )
    .option('--as <family>', 'family of an .onnx model that is not recognized: yolox, yolov8 …')
    .option('--train', 'time training steps instead of detection')
    .option('--batch <n>', "images per run (default: 1, or the graph's batch size) or per step (default: 8)")
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--steps <n>', 'number of runs or steps to measure', '20')
    .option('--engine <name>', `engine for training: ${ENGINES.join(', ')} (default: auto)`)
    .option('--runtime <name>', `runtime for detection: ${RUNTIMES.join(', ')} (default: onnx)`)
    .option('--require-gpu', 'fail if nothing computes on a GPU')
    .option('--tune', 'first measure which form of each gradient is fastest')
    .option('--image <file>', 'photo to detect in (default: a bundled one)')
    .option('--throughput', 'also measure images per second by threads and batch')
    .option(
      '--compare',
      'also time the network in other Python packages; PYTHON is the path of the interpreter',
    )
    .option('--out <folder>', 'save the figures as benchmark.json, and a chart of --throughput')
    .option('--threads <n>', 'CPU threads (default: all cores)')
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
