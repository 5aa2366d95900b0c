import { Command } from 'commander';
import { datasetAnchorsCommand } from './anchors/command.ts';
import { datasetCheckCommand } from './check/command.ts';
import { datasetConvertCommand } from './convert/command.ts';
import { datasetLabelCommand } from './label/command.ts';
import { datasetShowCommand } from './show/command.ts';
import { datasetSplitCommand } from './split/command.ts';
import { datasetSubsetCommand } from './subset/command.ts';
import { datasetSynthesizeCommand } from './synthesize/command.ts';

/**
 * `dataset`: the data set commands, one file each.
 * @param program its settings, such as the handling of wrong usage, also apply to the subcommands
 */
export function datasetCommand(program: Command): Command {
  const command = new Command('dataset')
    .copyInheritedSettings(program)
    .description('Check, convert, split, show and generate detection data.');
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
