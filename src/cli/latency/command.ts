import { Command } from 'commander';

export function latencyCommand(): Command {
  return new Command('latency')
    .description(
      'Predict the time of a network on this machine from a table of measured operations, and measure it.',
    )
    .argument('<model>', 'network by name (micro-yolo, mobilenet-v2:0.5/fpn …), or a model file')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the network's own)")
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('--runs <n>', 'number of timed runs; the lowest tenth counts', '60')
    .option('--tables <folder>', "folder of measured times (default: the system's cache folder)")
    .option('--json', 'print only JSON: predicted, measured, layers, in milliseconds')
    .addHelpText(
      'after',
      `
The table has a time for each operation that the runtime executes, by kind, kernel, stride, channels, map size and
precision. Each machine, runtime version and number of threads has its own table. New operations are measured once.

Examples:
  micro-yolo latency micro-yolo --size 320
  micro-yolo latency runs/bccd-001/best.safetensors --threads 1 --json`,
    )
    .action(async (model: string, raw: Record<string, unknown>) => {
      const { runLatency } = await import('./action.ts');
      process.exitCode = await runLatency(model, raw);
    });
}
