import { Command } from 'commander';
import { METHODS, RANK_RULES } from '../../../tasks/decompose/names.ts';

/** `--set a.b=1` once or several times. */
const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

export function decomposeCommand(): Command {
  return new Command('decompose')
    .description('Make a model smaller: replace large kernels by products of smaller ones (low rank).')
    .requiredOption('-m, --model <model>', 'model file, or the name of a bundled model')
    .option('--weights <file>', 'weights for a .cfg (default: beside it)')
    .option('--parameters <share>', 'share of the parameters to keep, such as 0.5')
    .option('--macs <share>', 'share of the multiply-accumulates to keep instead')
    .option('-d, --data <path>', 'labeled images to measure AP50 on, and to train on with --minutes')
    .option('--split <name>', 'split to evaluate on (default: val)')
    .option(
      '--max-drop <points>',
      'maximum loss of AP50 in points; without --parameters and --macs: find the smallest model within it',
    )
    .option(
      '--ranks <rule>',
      `what decides the ranks: ${RANK_RULES.join(' or ')} (default: sensitivity with --data)`,
    )
    .option('--methods <names>', `ways to split kernels, by commas: ${METHODS.join(', ')} (default: all)`)
    .option('--minutes <n>', 'minutes of training afterwards')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--seed <n>', 'seed of training')
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('--set <name=value>', 'any other training setting, as in train; repeatable', collect)
    .option(
      '-o, --out <file>',
      'file to write (default: the name of the model, ending in .low-rank.safetensors)',
    )
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
svd splits 1×1 and dense kernels, spatial splits k×k into k×1 and 1×k, tucker into 1×1, k×k and 1×1. Depthwise kernels stay.
Ranks are multiples of the runtime's block of channels. Ctrl+C during training saves; the same command continues.

Examples:
  micro-yolo decompose --model best.safetensors --parameters 0.5 --out low-rank.safetensors
  micro-yolo decompose --model best.safetensors --parameters 0.5 --data my-data --minutes 30 --max-drop 1`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runDecompose } = await import('./action.ts');
      process.exitCode = await runDecompose(raw);
    });
}
