import { Command } from 'commander';
import { OBJECTIVES, SEARCH_DEFAULTS, SPACES } from '../../tasks/search/names.ts';

/** `--set a.b=1` once or several times. */
const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

export function searchCommand(): Command {
  const { out, space, objective, trials, epochs, rungs, factor, jobs, size, split, seed } = SEARCH_DEFAULTS;
  return new Command('search')
    .description(
      'Look for the best of many detectors that differ in kernels, widths, depths …, by short trainings.',
    )
    .option(
      '-m, --model <name>',
      'detector whose table of stages is varied; for netadapt a trained model',
      'micro-yolo',
    )
    .requiredOption('-d, --data <path>', 'labeled images: a split train, and one to evaluate on')
    .option('-o, --out <folder>', 'folder of the outcome and the journal; the same one continues', out)
    .option('--space <names>', `what is varied: ${SPACES.join(', ')}; several with commas`, space.join(','))
    .option('--objective <name>', `what the best is: ${[...OBJECTIVES, 'netadapt'].join(', ')}`, objective)
    .option('--trials <n>', 'candidates: all of a smaller space, else as many drawn from it', String(trials))
    .option('--epochs <n>', 'passes over the training images in the first rung', String(epochs))
    .option('--rungs <n>', 'rungs of successive halving; 1 trains all candidates once', String(rungs))
    .option('--factor <n>', 'one in n goes on to the next rung, trained n times as long', String(factor))
    .option('--jobs <n>', 'trials at once, each in a process of its own', String(jobs))
    .option('--size <px>', `side of the network input (default: ${size}; of netadapt the model's)`)
    .option(
      '--target <ms>',
      "milliseconds of mnasnet's reward (default: what the model itself takes), or that netadapt comes down to (default: 50%)",
    )
    .option('--split <name>', 'split to evaluate on; no test split', split)
    .option('--seed <n>', 'seed of the candidates drawn, and of training', String(seed))
    .option('--threads <n>', 'CPU threads of each trial (default: all cores, shared out among the jobs)')
    .option('--tables <folder>', "where measured times are kept (default: the system's folder for caches)")
    .option('--set <name=value>', 'any other setting of the trainings, as of train; repeatable', collect)
    .option('--json', 'print only JSON, with the ranking')
    .addHelpText(
      'after',
      `
Objectives: map is the highest AP. macs and latency rank by the Pareto front of AP against multiply-accumulates or
milliseconds (pareto.png). mnasnet is MnasNet's reward, AP · (ms / target)^-0.07. Milliseconds are those of "micro-yolo
latency". netadapt narrows a
trained model in rounds, each of which saves some milliseconds by the table, and keeps what loses the least; --space and
--rungs mean nothing to it. trials.png has a bar for each candidate, the best in red. Ctrl+C saves and ends; the same command continues.

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
