import { Command } from 'commander';
import { IMPORTANCES } from '../../tasks/prune/importances.ts';

/** `--set a.b=1` once or several times. */
const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

export function pruneCommand(): Command {
  return new Command('prune')
    .description(
      'Make a detector thinner and faster: remove channels and retrain, as long as accuracy stays within a tolerance.',
    )
    .requiredOption('-m, --model <model>', 'detector to prune: a model file, or the name of a bundled model')
    .requiredOption('-d, --data <path>', 'labeled images with a split train and one to evaluate on')
    .requiredOption(
      '-o, --out <folder>',
      'folder for the result and the journal; pass the same one to continue',
    )
    .option('--max-drop <points>', 'maximum loss of AP50 in points, on the evaluation split (default: 0.7)')
    .option('--ms <target>', 'prune in one step to this many milliseconds, or to a share such as 50%')
    .option(
      '--macs <target>',
      'prune in one step to this many billion multiply-accumulates, or to a share such as 50%',
    )
    .option(
      '--single-weights <share>',
      'instead of channels, set this share of single weights to 0; this does not make the network faster',
    )
    .option('--importance <kind>', `which channels go first: ${IMPORTANCES.join(', ')}`, 'l1')
    .option('--coarse <share>', "share of a layer's channels that a coarse step removes", '0.25')
    .option('--epochs <n>', 'passes over the training images after each step', '3')
    .option('--final-epochs <n>', 'final passes, starting from the pruned weights; 0: none', '30')
    .option(
      '--scratch-epochs <n>',
      'final passes, starting from scratch; 0: none (default: 60; with --ms or --macs 0)',
    )
    .option('--split <name>', 'split to evaluate on; not a test split', 'val')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--seed <n>', 'seed of training and random choices', '1')
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('--tables <folder>', "folder of measured times (default: the system's cache folder)")
    .option('--set <name=value>', 'any other training setting, as in train; repeatable', collect)
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
