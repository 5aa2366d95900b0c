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
 * `dataset`: commands about data, one file each.
 * @param program whose settings, such as what a wrong usage does, hold for them as well
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
