import { Command } from 'commander';
import { PRUNE_OPTIONS } from '../../../options/prune.ts';
import { addSetFlag } from '../../flags/repeatable.ts';
import { addFlags } from '../../flags/table-flags.ts';

export function pruneCommand(): Command {
  const command = new Command('prune').description(
    'Make a detector faster: remove channels and retrain, as long as accuracy stays within a tolerance.',
  );
  return addSetFlag(addFlags(command, PRUNE_OPTIONS))
    .option('--json', 'print only JSON, with the result')
    .addHelpText(
      'after',
      `
Ctrl+C saves the state and stops. Run the same command again to continue. The folder contains best.safetensors,
journal.jsonl (one line per step with the change, its cost and its AP50) and progress.png. Widths are multiples of the
runtime's block size, which prune measures: a width between two multiples costs the same time as the larger one.

Examples:
  micro-yolo prune --model runs/bccd-001/best.safetensors --data datasets/bccd.yaml --max-drop 0.7 --out thin
  micro-yolo prune --model best.safetensors --data my-data --macs 50% --final-epochs 60 --out half
  micro-yolo prune --model best.safetensors --data my-data --ms 2.0 --importance taylor --out fast`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runPrune } = await import('./action.ts');
      process.exitCode = await runPrune(raw);
    });
}
