import { Command } from 'commander';
import { CLASSIFY_FLAGS } from '../../options/classify.ts';
import { addFlags } from '../flags/table-flags.ts';

export function classifyCommand(): Command {
  const command = new Command('classify')
    .description('Print the most likely classes of each photo.')
    .argument(
      '[images...]',
      'files, folders, globs, https addresses, or - for the bytes of one image on stdin',
    );
  return addFlags(command, CLASSIFY_FLAGS)
    .option(
      '--list <file>',
      'file with image paths, one per line, or - for stdin; paths are relative to the current folder, or else to the list',
    )
    .option('--json', 'print only JSON')
    .addHelpText(
      'after',
      `
Examples:
  micro-yolo classify photo.jpg --model runs/cifar-001/best.safetensors
  micro-yolo classify photos/ --model classifier.safetensors --top 1 --json`,
    )
    .action(async (images: string[], raw: Record<string, unknown>) => {
      const { runClassify } = await import('./action.ts');
      process.exitCode = await runClassify(images, raw);
    });
}
