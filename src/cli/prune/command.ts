import { Command } from 'commander';
import { IMPORTANCES } from '../../tasks/prune/importances.ts';

/** `--set a.b=1` once or several times. */
const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

export function pruneCommand(): Command {
  return new Command('prune')
    .description(
      'Make a detector thinner and faster: remove channels, train, and keep what stays within a tolerance.',
    )
    .requiredOption(
      '-m, --model <model>',
      'detector to prune: a model file, or the name of a model that ships',
    )
    .requiredOption('-d, --data <path>', 'labeled images: a split train, and one to evaluate on')
    .requiredOption('-o, --out <folder>', 'folder of the outcome and the journal; the same one continues')
    .option(
      '--max-drop <points>',
      'points of AP50 that may be lost, on the split to evaluate on (default: 0.7)',
    )
    .option('--ms <target>', 'prune at once instead: to so many milliseconds, or a share such as 50%')
    .option(
      '--macs <target>',
      'prune at once instead: to so many G multiply-accumulates, or a share such as 50%',
    )
    .option('--single-weights <share>', 'set a share of single weights to 0 instead, which brings no speed')
    .option('--importance <kind>', `what decides which channels go: ${IMPORTANCES.join(', ')}`, 'l1')
    .option('--coarse <share>', "share of a layer's channels that a coarse step removes", '0.25')
    .option('--epochs <n>', 'passes over the training images after each step', '3')
    .option('--final-epochs <n>', 'passes at the end, from the pruned weights; 0: none', '30')
    .option('--scratch-epochs <n>', 'passes at the end, from scratch; 0: none (default: 60; at once 0)')
    .option('--split <name>', 'split to evaluate on; no test split', 'val')
    .option('--size <px>', "network input: a side, or WIDTHxHEIGHT (default: the model's)")
    .option('--seed <n>', 'seed of training and of chance', '1')
    .option('--threads <n>', 'CPU threads (default: all cores)')
    .option('--tables <folder>', "where measured times are kept (default: the system's folder for caches)")
    .option('--set <name=value>', 'any other setting of the trainings, as of train; repeatable', collect)
    .option('--json', 'print only JSON, with the result')
    .addHelpText(
      'after',
      `
Ctrl+C saves and ends it; the same command continues. The folder holds best.safetensors, journal.jsonl (a line
for each step: what was tried, its cost and its AP50) and progress.png. Widths are multiples of the runtime's block of
channels, which is measured: widths between cost the same time.

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
