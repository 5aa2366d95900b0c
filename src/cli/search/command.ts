import { Command } from 'commander';
import { OBJECTIVES, SEARCH_DEFAULTS, SPACES } from '../../tasks/search/names.ts';

/** `--set a.b=1` once or several times. */
const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

export function searchCommand(): Command {
  const { out, space, objective, trials, epochs, rungs, factor, jobs, size, split, seed } = SEARCH_DEFAULTS;
  return new Command('search')
    .description(
      'Find the best detector among variants with other kernels, widths or depths, by short trainings.',
    )
    .option(
      '-m, --model <name>',
      'detector whose table of stages varies; for netadapt, a trained model',
      'micro-yolo',
    )
    .requiredOption('-d, --data <path>', 'labeled images with a split train and one to evaluate on')
    .option('-o, --out <folder>', 'folder for the result and the journal; pass the same one to continue', out)
    .option(
      '--space <names>',
      `what varies: ${SPACES.join(', ')}; separate several by commas`,
      space.join(','),
    )
    .option(
      '--objective <name>',
      `how candidates are ranked: ${[...OBJECTIVES, 'netadapt'].join(', ')}`,
      objective,
    )
    .option(
      '--trials <n>',
      'maximum number of candidates; they are drawn at random if the space has more',
      String(trials),
    )
    .option('--epochs <n>', 'passes over the training images in the first rung', String(epochs))
    .option('--rungs <n>', 'rungs of successive halving; 1 trains all candidates once', String(rungs))
    .option(
      '--factor <n>',
      'one in n candidates continues to the next rung, trained n times as long',
      String(factor),
    )
    .option('--jobs <n>', 'number of trials at once, each in its own process', String(jobs))
    .option('--size <px>', `side of the network input (default: ${size}; for netadapt, the model's)`)
    .option(
      '--target <ms>',
      "target time: for mnasnet's reward (default: the model's own time), or for netadapt (default: 50%)",
    )
    .option('--split <name>', 'split to evaluate on; not a test split', split)
    .option('--seed <n>', 'seed of the candidates and of training', String(seed))
    .option('--threads <n>', 'CPU threads per trial (default: all cores, divided among the jobs)')
    .option('--tables <folder>', "folder of measured times (default: the system's cache folder)")
    .option('--set <name=value>', 'any other training setting, as in train; repeatable', collect)
    .option('--json', 'print only JSON, with the ranking')
    .addHelpText(
      'after',
      `
Objectives:
  map            the highest AP
  macs, latency  the Pareto front of AP against multiply-accumulates or milliseconds (pareto.png)
  mnasnet        MnasNet's reward, AP · (ms / target)^-0.07
  netadapt       narrows a trained model in rounds that each save some milliseconds, and keeps the variant that loses
                 the least; ignores --space and --rungs

Milliseconds are those that "micro-yolo latency" predicts. trials.png has a bar for each candidate, with the best in red.
Ctrl+C saves the state and stops. Run the same command again to continue.

Examples:
  micro-yolo search --model micro-yolo --data my-data --space kernels --objective latency --trials 30
  micro-yolo search --data datasets/bccd.yaml --space widths,depths --objective mnasnet --jobs 2 --out runs/widths
  micro-yolo search --model best.safetensors --data my-data --objective netadapt --target 60% --epochs 3 --out runs/adapted`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runSearch } = await import('./action.ts');
      process.exitCode = await runSearch(raw);
    });
}
