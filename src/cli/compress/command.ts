import { Command } from 'commander';

export function compressCommand(): Command {
  return new Command('compress')
    .description(
      'Write a smaller model file: weights share a few numbers, stored as Huffman codes. Its speed stays the same.',
    )
    .requiredOption('-m, --model <model>', 'model file, or the name of a shipped model')
    .option('--weights <file>', 'weights for a .cfg (default: beside it)')
    .option('--centers <n>', 'number of different values per kernel', '256')
    .option('--sparsity <0-0.99>', "set this share of each kernel's weights to 0, the smallest first", '0')
    .option('--initialization <how>', 'how k-means starts: linear, density or random', 'linear')
    .option('-o, --out <file>', 'file to write (default: MODEL.small.safetensors)')
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
