import { Command } from 'commander';
import { OPTIMIZE_OPTIONS } from '../../../options/optimize.ts';
import { addSetFlag } from '../../flags/repeatable.ts';
import { addFlags } from '../../flags/table-flags.ts';

export function optimizeCommand(): Command {
  const command = new Command('optimize').description(
    'Make a detector faster on this machine: one search over channels, kernel sizes, low rank and 8 bits, within a tolerance of accuracy.',
  );
  return addSetFlag(addFlags(command, OPTIMIZE_OPTIONS))
    .option('--json', 'print only JSON, with the result')
    .addHelpText(
      'after',
      `
Each step takes the changes that harm the network least for the milliseconds that they save, and trains briefly. A step that
loses too much AP50 is undone. The folder contains best.safetensors, float.safetensors (the same network in float, to train
it further), index.html (a chart of all files), models/ (the files) and journal.jsonl. Ctrl+C saves the state and stops. Run
the same command again to continue. The exit code is 1 if --ms was not reached; the best file is written all the same.

Examples:
  micro-yolo optimize --model best.safetensors --data my-data --max-drop 1 --ms 1.5
  micro-yolo optimize --model runs/bccd-001/best.safetensors --data datasets/bccd.yaml --minutes 60 --out fast
  micro-yolo optimize --model best.safetensors --data my-data --ms 50% --precision float32 --set teacher=best.safetensors`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runOptimize } = await import('./action.ts');
      process.exitCode = await runOptimize(raw);
    });
}
