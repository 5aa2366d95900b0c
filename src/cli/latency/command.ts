import { Command } from 'commander';
import { LATENCY_OPTIONS } from '../../options/latency.ts';
import { addFlags } from '../flags/table-flags.ts';

export function latencyCommand(): Command {
  const command = new Command('latency')
    .description(
      'Predict the time of a network on this machine from a table of measured operations, and measure it.',
    )
    .argument('<model>', 'network by name (micro-yolo, mobilenet-v2:0.5/fpn …), or a model file');
  return addFlags(command, LATENCY_OPTIONS)
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
