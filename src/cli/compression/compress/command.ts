import { Command } from 'commander';
import { COMPRESS_OPTIONS } from '../../../options/compress.ts';
import { addFlags } from '../../flags/table-flags.ts';

export function compressCommand(): Command {
  const command = new Command('compress').description(
    'Write a smaller model file: weights share a few numbers, stored as Huffman codes. Its speed stays the same.',
  );
  return addFlags(command, COMPRESS_OPTIONS)
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Every command reads the file like any other model. To measure the loss of accuracy, run micro-yolo val --model small.safetensors.

Examples:
  micro-yolo compress --model best.safetensors --out small.safetensors
  micro-yolo compress --model micro-yolo-coco --centers 64`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runCompress } = await import('./action.ts');
      process.exitCode = await runCompress(raw);
    });
}
