import { Command } from 'commander';
import { COMPRESS_OPTIONS } from '../../../options/compress.ts';
import { addSetFlag } from '../../flags/repeatable.ts';
import { addFlags } from '../../flags/table-flags.ts';

export function compressCommand(): Command {
  const command = new Command('compress').description(
    'Write a smaller model file: few shared values (Deep Compression), or integers (distribution shift). The speed stays the same.',
  );
  return addSetFlag(addFlags(command, COMPRESS_OPTIONS))
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Every command reads the file like any other model. share is Deep Compression; shift is distribution-shift convolution
(arXiv 1901.01928). Ctrl+C during training saves the state. Run the same command again to continue.

Examples:
  micro-yolo compress --model best.safetensors --out small.safetensors
  micro-yolo compress --model best.safetensors --sparsity 0.5 --data my-data --minutes 60 --max-drop 1
  micro-yolo compress --model best.safetensors --method shift --bits 4 --block 32`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runCompress } = await import('./action.ts');
      process.exitCode = await runCompress(raw);
    });
}
