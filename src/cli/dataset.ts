import { Command } from 'commander';
import { datasetAnchorsCommand } from './dataset-anchors.ts';
import { datasetCheckCommand } from './dataset-check.ts';
import { datasetConvertCommand } from './dataset-convert.ts';
import { datasetLabelCommand } from './dataset-label.ts';
import { datasetShowCommand } from './dataset-show.ts';
import { datasetSplitCommand } from './dataset-split.ts';
import { datasetSubsetCommand } from './dataset-subset.ts';
import { datasetSynthesizeCommand } from './dataset-synthesize.ts';

/**
 * `dataset`: commands about data, one file each.
 * @param program whose settings, such as what a wrong usage does, hold for them as well
 */
export function datasetCommand(program: Command): Command {
  const command = new Command('dataset')
    .copyInheritedSettings(program)
    .description('Check, convert, split, look at and make detection data.');
  for (const subcommand of [
    datasetCheckCommand(),
    datasetShowCommand(),
    datasetAnchorsCommand(),
    datasetConvertCommand(),
    datasetSplitCommand(),
    datasetSubsetCommand(),
    datasetLabelCommand(),
    datasetSynthesizeCommand(),
  ]) {
    command.addCommand(subcommand.copyInheritedSettings(command));
  }
  return command;
}
