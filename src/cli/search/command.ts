import { Command } from 'commander';
import { addSetFlag } from '../flags/repeatable.ts';
import { addFlags } from '../flags/table-flags.ts';
import { SEARCH_FLAGS } from './flags.ts';

export function searchCommand(): Command {
  const command = new Command('search').description(
    'Find the best detector among variants with other kernels, widths or depths, through short training runs.',
  );
  return addSetFlag(addFlags(command, SEARCH_FLAGS))
    .option('--json', 'print only JSON: the ranking, or for netadapt the journal')
    .addHelpText(
      'after',
      `
Objectives:
  map            the highest AP
  macs, latency  the Pareto front of AP against multiply-accumulates or milliseconds (pareto.png)
  mnasnet        MnasNet's reward, AP · (ms / target)^-0.07
  netadapt       narrows a trained model in rounds; each saves some milliseconds, and keeps the variant that loses the
                 least; ignores --space and --rungs

Milliseconds are those that "micro-yolo latency" predicts. trials.png has a bar for each candidate. The best is red.
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
