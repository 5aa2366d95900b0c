import { Command } from 'commander';
import { DECOMPOSE_OPTIONS } from '../../../options/decompose.ts';
import { addSetFlag } from '../../flags/repeatable.ts';
import { addFlags } from '../../flags/table-flags.ts';

export function decomposeCommand(): Command {
  const command = new Command('decompose').description(
    'Make a model smaller: replace large kernels with products of smaller ones (low rank).',
  );
  return addSetFlag(addFlags(command, DECOMPOSE_OPTIONS))
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
svd splits 1×1 and dense kernels. spatial splits k×k into k×1 and 1×k. tucker splits k×k into 1×1, k×k and 1×1.
Depthwise kernels do not change. Ranks are multiples of the runtime's block of channels. Ctrl+C during training saves
the state. Run the same command again to continue.

Examples:
  micro-yolo decompose --model best.safetensors --parameters 0.5 --out low-rank.safetensors
  micro-yolo decompose --model best.safetensors --parameters 0.5 --data my-data --minutes 30 --max-drop 1`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runDecompose } = await import('./action.ts');
      process.exitCode = await runDecompose(raw);
    });
}
