import { Command } from 'commander';

export function compressCommand(): Command {
  return new Command('compress')
    .description(
      'Write a model in few bytes: weights share a few numbers, Huffman-coded. Its speed stays the same.',
    )
    .requiredOption('-m, --model <model>', 'model file, or the name of a shipped model')
    .option('--weights <file>', 'weights of a .cfg (default: beside it)')
    .option('--centers <n>', 'different numbers per kernel', '256')
    .option('--sparsity <0-0.99>', "share of each kernel's weights, the smallest, to set to 0", '0')
    .option(
      '--initialization <how>',
      'where the search for the numbers begins: linear, density or random',
      'linear',
    )
    .option(
      '-o, --out <file>',
      'file to write (default: the name of the model, ending in .small.safetensors)',
    )
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Every command reads the file like any other model. Measure what it lost: micro-yolo val --model small.safetensors.

Examples:
  micro-yolo compress --model best.safetensors --out small.safetensors
  micro-yolo compress --model micro-yolo-coco --centers 64`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runCompress } = await import('./action.ts');
      process.exitCode = await runCompress(raw);
    });
}
