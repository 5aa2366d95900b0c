import { Command } from 'commander';
import { SYNTHESIZE_OPTIONS } from '../../../options/dataset/synthesize.ts';
import { addFlags } from '../../flags/table-flags.ts';

export function datasetSynthesizeCommand(): Command {
  const command = new Command('synthesize').description(
    'Draw a data set of shapes, for tests and first steps.',
  );
  return addFlags(command, SYNTHESIZE_OPTIONS)
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo dataset synthesize
  micro-yolo dataset synthesize --out /tmp/few --train 20 --val 5 --seed 7`,
    )
    .action(async (raw: Record<string, unknown>) => {
      const { runDatasetSynthesize } = await import('./action.ts');
      process.exitCode = await runDatasetSynthesize(raw);
    });
}
