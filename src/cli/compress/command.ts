import { Command } from 'commander';
import { COMPRESS_METHODS } from '../../tasks/compress/names.ts';

/** `--set a.b=1` once or several times. */
const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

export function compressCommand(): Command {
  return new Command('compress')
    .description(
      'Write a model in few bytes: few shared numbers (Deep Compression), or integers by distribution shift. Its speed stays.',
    )
    .requiredOption('-m, --model <model>', 'model file, or the name of a shipped model')
    .option('--weights <file>', 'weights of a .cfg (default: beside it)')
    .option('--method <name>', `how weights are kept: ${COMPRESS_METHODS.join(' or ')} (default: share)`)
    .option('--centers <n>', 'share: different numbers per kernel (default: 256, of dense layers 32)')
    .option(
      '--sparsity <0-0.99>',
      "share: part of each kernel's weights, the smallest, to set to 0 (default: 0)",
    )
    .option(
      '--initialization <how>',
      'share: where the search for the numbers begins: linear, density or random (default: linear)',
    )
    .option('--bits <2-8>', 'shift: bits of a weight (default: 4)')
    .option('--block <n>', 'shift: input channels that share a factor (default: 32)')
    .option(
      '--depthwise <how>',
      'shift: depthwise kernels stay float, or are blocks by their places (default: float)',
    )
    .option(
      '-d, --data <path>',
      'labeled images to measure AP50 on after each stage, and to train on with --minutes',
    )
    .option('--split <name>', 'split to evaluate on (default: val)')
    .option('--max-drop <points>', 'points of AP50 that may be lost: if more are, nothing is written')
    .option(
      '--minutes <n>',
      'minutes of training: zeros stay 0, equal numbers stay equal; of shift, norms and biases',
    )
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--seed <n>', 'seed of training')
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('--set <name=value>', 'any other setting of the trainings, as of train; repeatable', collect)
    .option(
      '-o, --out <file>',
      'file to write (default: the name of the model, ending in .small.safetensors)',
    )
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Every command reads the file like any other model. share is Deep Compression; shift is distribution-shift convolution
(arXiv 1901.01928). Ctrl+C during training saves; the same command continues.

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
